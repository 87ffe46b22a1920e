"""`backtest`: scores of then, from exports, the history or one snapshot, and who left afterwards."""
