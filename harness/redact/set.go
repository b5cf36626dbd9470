package redact

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// A set holds needles of one kind. They are sorted: those that begin like a stretch of text are a range, so that thousands
// of tokens which share a long first part (two JWTs of one issuer, a token and its near misses) are told apart in one
// walk and not by trying each.
//
// Needles and text are compared after folding single bytes, which is how one needle stands for both base64 alphabets,
// for both cases of hexadecimal digits, and for a plus sign that a server has read as a space.
type set struct {
	fold    [256]byte
	needles []needle
	// wrapped says that line breaks inside a needle do not end it.
	wrapped bool
}

// A needle is what a secret looks like in one encoding, folded. Secrets may look the same.
type needle struct {
	text  string
	id    int32
	plain bool // without introducers
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

// add adds a needle of a secret.
func (t *set) add(text string, id int32) {
	folded := []byte(text)
	for i, b := range folded {
		folded[i] = t.fold[b]
	}
	n := needle{string(folded), id, !strings.ContainsAny(text, introducers)}
	i, have := slices.BinarySearchFunc(t.needles, n, func(a, b needle) int {
		return cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.id, b.id))
	})
	if !have {
		t.needles = slices.Insert(t.needles, i, n)
	}
}

// A state is a place in a set and in a text: the needles from lo to hi begin with the read bytes before it.
type state struct {
	lo, hi, read int
	pos          int
}

// ended returns the needles that end at the state, which stand first.
func (t *set) ended(st state) []needle {
	to := st.lo
	for to < st.hi && len(t.needles[to].text) == st.read {
		to++
	}
	return t.needles[st.lo:to]
}

// step goes one byte of a needle further.
func (t *set) step(st state, b byte) (state, bool) {
	want := int(t.fold[b])
	if first, last := t.next(st.lo, st), t.next(st.hi-1, st); first > want || last < want {
		return st, false
	} else if first != last {
		lo := st.lo + sort.Search(st.hi-st.lo, func(i int) bool { return t.next(st.lo+i, st) >= want })
		hi := lo + sort.Search(st.hi-lo, func(i int) bool { return t.next(lo+i, st) > want })
		st.lo, st.hi = lo, hi
	}
	st.read++
	return st, st.lo < st.hi
}

// next is the byte that follows in needle i, or -1 at its end.
func (t *set) next(i int, st state) int {
	if text := t.needles[i].text; st.read < len(text) {
		return int(text[st.read])
	}
	return -1
}

// along goes further for as long as the text can be read in one way only and the needles have the same.
func (t *set) along(st state, text string) state {
	first := t.needles[st.lo]
	rest, text := first.text[st.read:], text[st.pos:]
	if rest == "" || text == "" || rest[0] != text[0] || isIntroducer(rest[0]) {
		return st
	}
	same := commonPrefix(rest, text)
	if st.hi > st.lo+1 {
		same = commonPrefix(rest[:same], t.needles[st.hi-1].text[st.read:])
	}
	if !first.plain {
		if i := strings.IndexAny(rest[:same], introducers); i >= 0 {
			same = i
		}
	}
	st.read, st.pos = st.read+same, st.pos+same
	return st
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
