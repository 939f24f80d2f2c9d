"""How much will be asked for: weekly counts ahead, told only where that beats the naive guesses."""
