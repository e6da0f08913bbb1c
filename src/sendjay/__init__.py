"""An on-premise messenger that lives inside a company's portal."""
