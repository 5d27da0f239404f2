# How much of the internet a list of CIDR blocks covers. By the length of the prefix alone, so that every spelling of an
# address is the same: 0::/0, ::/0 and 0:0:0:0:0:0:0:0/0.
package behaviour.addresses

import rego.v1

# A sixteenth of all addresses is more than any organization has, in one block or in many.
much_of_all(blocks) if {
	some block in blocks
	_wide(block)
}

much_of_all(blocks) if _share(blocks, ".", 32) >= bits.lsh(1, 28)

# In units of /64, of the 2000::/3 that is given out.
much_of_all(blocks) if _share([block | some block in blocks; not _own(block)], ":", 64) >= bits.lsh(1, 57)

_length(block) := to_number(length) if {
	parts := split(block, "/")
	regex.match(`^[0-9]{1,3}$`, parts[1])
	trimmed := trim_left(parts[1], "0")
	length := _or_zero(trimmed)
}

_or_zero(text) := "0" if text == ""

_or_zero(text) := text if text != ""

# Nobody has a network of more than a /8, or a /16 of version 6.
_wide(block) if {
	not contains(block, ":")
	_length(block) < 8
}

_wide(block) if {
	contains(block, ":")
	not _own(block)
	_length(block) < 16
}

# Unique local and link-local addresses of version 6.
_own(block) if regex.match(`^[fF]([cCdD]|[eE][89aAbB])`, block)

_share(blocks, mark, size) := sum([addresses |
	some block in {each | some each in blocks; is_string(each); contains(each, mark)}
	length := _length(block)
	length <= size
	addresses := bits.lsh(1, size - length)
])
