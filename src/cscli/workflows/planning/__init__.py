"""`cscli plan`: other rules on the exports of today, before anybody uses them."""
