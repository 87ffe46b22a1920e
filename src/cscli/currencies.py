"""ISO codes of the currencies that cells and headers are looked through for."""

CURRENCY_CODES = (
    "JPY", "USD", "EUR", "GBP", "AUD", "CAD", "CHF", "CNY", "HKD", "SGD", "KRW", "INR", "NZD", "SEK", "NOK", "DKK",
    "BRL", "MXN", "TWD", "THB", "PLN", "CZK", "ZAR", "AED", "ARS", "CLP", "COP", "EGP", "HUF", "IDR", "ILS", "ISK",
    "KES", "MYR", "NGN", "PHP", "PKR", "RON", "RUB", "SAR", "TRY", "UAH", "VND",
)  # fmt: skip
