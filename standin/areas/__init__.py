"""What the screens are about: members, partners, ad accounts, registration; reads, writes and refusals of each."""
