"""What did the user mean? Each file proposes readings of what was typed, with their costs."""
