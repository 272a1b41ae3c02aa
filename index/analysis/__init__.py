"""What happens to a text: normalize, fold, syllables, words, pairs, and the analyzers of them."""
