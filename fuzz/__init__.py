"""Hostile input for everything that takes input from outside: `python -m fuzz`.

A *target* is one such function with what must hold of it for any bytes at all. *Plain* runs mutate
examples at full speed; *guided* ones (atheris, the extra `fuzz`) look for inputs that reach new
code, and leave them in the corpus, from which plain runs go on. No error may come out that is not
part of the contract, and none may take more than 50 ms of CPU a kilobyte.
"""
