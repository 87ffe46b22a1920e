"""Who gets which message, who does not and why; and whether it helped."""
