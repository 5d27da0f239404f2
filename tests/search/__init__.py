"""What the bootstrap installs, on real search engines (`make search-test`)."""
