"""Objects of the bootstrap on real search engines (`make search-test`)."""
