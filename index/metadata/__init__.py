"""When, who and where: what a careful reader would note down about a text, and never more."""
