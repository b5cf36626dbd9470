package redact

import (
	"bytes"
	"slices"
	"strings"
)

// A set holds needles of one kind, as a tree: those that begin alike share the way from the root for as long as they do, so that
// thousands of tokens which have a long first part in common (two JWTs of one issuer, a token and its near misses) are told apart
// in one walk and not by trying each, and one more costs no more than its own length.
//
// Needles and text are compared after folding single bytes, which is how one needle stands for both base64 alphabets,
// for both cases of hexadecimal digits, and for a plus sign that a server has read as a space.
type set struct {
	fold [256]byte
	// text holds the edges' bytes; there is no pointer in a set of thousands of needles, which a collector of garbage would follow.
	text  []byte
	nodes []node     // the first is the root
	first [256]int32 // nodes behind the root, by byte
	next  map[branch]int32
	// also are the secrets beyond the first whose needles end at a node.
	also map[int32][]int32
	// mark is a bit of the set's own.
	mark uint8
	// plain says that its alphabet has no introducers.
	plain bool
	// wrapped says that line breaks inside a needle do not end it.
	wrapped bool
}

// A node is where a needle ends, or where needles part.
type node struct {
	from, to int   // its edge, the bytes that lead to it, in the set's text
	id       int32 // the first secret that looks like the way to the node, or nobody
	some     int32 // a secret that looks like something which begins so
	plain    bool  // its edge is without introducers
}

// A branch is the way on from a node by a byte.
type branch uint64

func branchOf(node int32, by byte) branch { return branch(node)<<8 | branch(by) }

const nobody = -1

func newSet(fold [256]byte, mark uint8) *set {
	return &set{fold: fold, mark: mark, nodes: []node{{id: nobody, some: nobody}}, next: map[branch]int32{}, also: map[int32][]int32{}}
}

// folding folds each byte of from to that of to, and every other to itself.
func folding(from, to string) (fold [256]byte) {
	for i := range fold {
		fold[i] = byte(i)
	}
	for i := range len(from) {
		fold[from[i]] = to[i]
	}
	return fold
}

// add adds what a secret looks like in one encoding, or what that goes on with behind a node. It returns the node at which it ends.
// Secrets may look the same.
func (t *set) add(at int32, text string, id int32) int32 {
	rest := text
	for rest != "" {
		by := t.fold[rest[0]]
		child, known := t.child(at, by)
		if !known {
			from := len(t.text)
			t.text = room(t.text, len(rest))
			for i := range len(rest) {
				t.text = append(t.text, t.fold[rest[i]])
			}
			at, rest = t.grow(at, by, node{from: from, to: len(t.text), id: nobody, some: id}), ""
			break
		}
		edge := t.edge(child)
		same := 1
		for same < len(edge) && same < len(rest) && edge[same] == t.fold[rest[same]] {
			same++
		}
		if same < len(edge) {
			child = t.split(at, by, child, same)
		}
		at, rest = child, rest[same:]
	}
	switch n := &t.nodes[at]; {
	case n.id == nobody:
		n.id = id
	case n.id != id:
		t.also[at] = append(t.also[at], id)
	}
	return at
}

// grow puts a node at the end of a branch.
func (t *set) grow(at int32, by byte, n node) int32 {
	n.plain = n.plain || t.plain || !bytes.ContainsAny(t.text[n.from:n.to], introducers)
	grown := int32(len(t.nodes))
	t.nodes = append(room(t.nodes, 1), n)
	t.join(at, by, grown)
	return grown
}

// split puts a node into the edge of a child, behind so many bytes.
func (t *set) split(at int32, by byte, child int32, behind int) int32 {
	n := t.nodes[child]
	cut := n.from + behind
	middle := t.grow(at, by, node{from: n.from, to: cut, id: nobody, some: n.some, plain: n.plain})
	n.from = cut
	t.nodes[child] = n
	t.join(middle, t.text[cut], child)
	return middle
}

func (t *set) join(at int32, by byte, child int32) {
	if at == 0 {
		t.first[by] = child
	} else {
		t.next[branchOf(at, by)] = child
	}
}

func (t *set) child(at int32, by byte) (child int32, known bool) {
	if at == 0 {
		child = t.first[by]
		return child, child > 0
	}
	child, known = t.next[branchOf(at, by)]
	return child, known
}

// room makes room for n more, and for half as many as there are: append grows what is large by less, and would copy a set of thousands
// of needles again and again.
func room[T any](s []T, n int) []T {
	if cap(s)-len(s) < n {
		s = slices.Grow(s, max(n, len(s)/2))
	}
	return s
}

func (t *set) edge(at int32) []byte { return t.text[t.nodes[at].from:t.nodes[at].to] }

// A state is a place in a set and in a text: behind the read bytes of a node's edge, and before pos.
type state struct {
	node      int32
	read, pos int
}

// begun says that some of a needle has been read.
func (st state) begun() bool { return st.node > 0 }

// ended says whether needles end at the state.
func (t *set) ended(st state) bool {
	n := &t.nodes[st.node]
	return n.id != nobody && st.read == n.to-n.from
}

// step goes one byte of a needle further.
func (t *set) step(st state, b byte) (state, bool) {
	b = t.fold[b]
	if n := &t.nodes[st.node]; st.read < n.to-n.from {
		st.read++
		return st, t.text[n.from+st.read-1] == b
	}
	child, ok := t.child(st.node, b)
	return state{child, 1, st.pos}, ok
}

// along goes further for as long as the text can be read in one way only and the needles have the same.
func (t *set) along(st state, text string) state {
	n := &t.nodes[st.node]
	rest, text := t.text[n.from+st.read:n.to], text[st.pos:]
	if len(rest) == 0 || text == "" || rest[0] != text[0] || isIntroducer(rest[0]) {
		return st
	}
	same := commonPrefix(rest, text)
	if !n.plain {
		if i := strings.IndexAny(text[:same], introducers); i >= 0 {
			same = i
		}
	}
	st.read, st.pos = st.read+same, st.pos+same
	return st
}

// commonPrefix returns the number of leading bytes that a and b share.
func commonPrefix(a []byte, b string) int {
	const chunk = 32
	n := min(len(a), len(b))
	i := 0
	for i+chunk <= n && string(a[i:i+chunk]) == b[i:i+chunk] {
		i += chunk
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}
