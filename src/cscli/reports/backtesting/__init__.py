"""The report `backtest`: whether the score tells who leaves."""
