"""The desk of fares: staff edit prices, protected seats, terms and taxes, and see what would change before they save."""
