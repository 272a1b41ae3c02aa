"""What an index knows of its language from its own documents."""
