"""What happens to a text: normalize, fold, syllables, words, pairs, and the analyzers made of them."""
