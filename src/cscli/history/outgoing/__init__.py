"""What goes out, booked first: the outbox of alerts, the ledger of messages to customers."""
