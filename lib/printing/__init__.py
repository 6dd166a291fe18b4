"""What is printed on paper: slips and paper ballots. Values in, the bytes of a PDF out; nothing is stored or asked."""
