"""What every report is made of: model, context, columns, words."""
