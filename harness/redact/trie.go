package redact

import (
	"bytes"
	"strings"
)

// A trie holds needles of one kind. Edges are compressed, so that thousands of tokens which share a long first part
// (two JWTs of one issuer, a token and its near misses) are told apart in one walk and not by trying each.
//
// Needles and text are compared after folding single bytes, which is how one needle stands for both base64 alphabets,
// for both cases of hexadecimal digits, and for a plus sign that a server has read as a space.
type trie struct {
	kind Encoding
	fold [256]byte
	root node
	// wrapped says that line breaks inside a needle do not end it.
	wrapped bool
}

// A node is an edge with what follows it. An introducer of an escape (see escapes.go) stands only at the start of
// a label: inside a label, then, a byte that is equal to the text's cannot be read in a second way.
type node struct {
	label string
	keys  []byte // first byte of each kid's label
	kids  []*node
	ids   []int32 // the secrets that end here
}

func newTrie(kind Encoding) *trie {
	t := &trie{kind: kind}
	for i := range t.fold {
		t.fold[i] = byte(i)
	}
	switch kind {
	case Hex:
		for c := byte('A'); c <= 'F'; c++ {
			t.fold[c] = c + 'a' - 'A'
		}
	case Base64:
		t.fold['-'], t.fold['_'], t.fold[' '] = '+', '/', '+'
		t.wrapped = true
	default:
		t.fold[' '] = '+'
	}
	return t
}

func (n *node) kid(b byte) *node {
	if i := bytes.IndexByte(n.keys, b); i >= 0 {
		return n.kids[i]
	}
	return nil
}

func (n *node) adopt(k *node) *node {
	n.keys, n.kids = append(n.keys, k.label[0]), append(n.kids, k)
	return k
}

// insert adds a needle that is not empty.
func (t *trie) insert(needle string, id int32) {
	rest := foldString(needle, &t.fold)
	n := &t.root
	for rest != "" {
		k := n.kid(rest[0])
		if k == nil {
			cut := len(rest)
			if i := strings.IndexAny(rest[1:], introducers); i >= 0 {
				cut = i + 1
			}
			n, rest = n.adopt(&node{label: rest[:cut]}), rest[cut:]
			continue
		}
		same := commonPrefix(k.label, rest)
		if same < len(k.label) {
			k.split(same)
		}
		n, rest = k, rest[same:]
	}
	for _, have := range n.ids {
		if have == id {
			return
		}
	}
	n.ids = append(n.ids, id)
}

// split ends the label after at bytes and moves the rest into a kid.
func (n *node) split(at int) {
	tail := &node{label: n.label[at:], keys: n.keys, kids: n.kids, ids: n.ids}
	*n = node{label: n.label[:at]}
	n.adopt(tail)
}

// any returns a secret that ends at or below n.
func (n *node) any() int32 {
	for len(n.ids) == 0 {
		n = n.kids[0]
	}
	return n.ids[0]
}

func foldString(s string, fold *[256]byte) string {
	for i := 0; i < len(s); i++ {
		if fold[s[i]] != s[i] {
			b := []byte(s)
			for ; i < len(b); i++ {
				b[i] = fold[b[i]]
			}
			return string(b)
		}
	}
	return s
}

// commonPrefix returns the number of leading bytes that a and b share.
func commonPrefix(a, b string) int {
	const chunk = 32
	n := min(len(a), len(b))
	i := 0
	for i+chunk <= n && a[i:i+chunk] == b[i:i+chunk] {
		i += chunk
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}
