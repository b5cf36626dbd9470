// Package incident finds out who ended what: it keeps when each credential of a run was last seen alive and first seen dead, and every
// request in between that does something to credentials, the run's own clean-up included. What all of that bears out it says in a sentence.
package incident

import (
	"slices"
	"sync"
	"time"
)

// Request is one that a server has answered.
type Request struct {
	Operation      string
	Sent, Received time.Time
	// Granted says that it was granted, else it was refused.
	Granted bool
}

// Credential is one that was handed out, by the text that authorizes requests.
type Credential struct {
	Key, Kind string
	// Parent is the key of what it was handed out for, and Original that of what it renews; "" for none.
	Parent, Original string
	// Owner is the account that it was handed out to.
	Owner string
}

// most bounds how many requests are kept: walks may go on for hours, and the first tell enough.
const most = 1 << 15

// Log is what a run knows of its credentials. The zero value knows nothing; it is safe for concurrent use.
type Log struct {
	mu    sync.Mutex
	all   map[string]*held
	deeds []deed
	good  []Request // logins with the right password
	kept  int
	alone bool
	// several are the operations that have handed out more than one to somebody.
	several map[string]bool
	// found is what all of it comes to; nil where something was entered since.
	found map[group]*record
}

// held is a credential with what became of it.
type held struct {
	Credential
	parent, original *held
	given            Request
	uses             []use
	// shared says that it was handed out twice, so that nobody knows whose end it meets.
	shared bool
	// doubtful is when something was sent that may end it by its contract; zero for nothing.
	doubtful time.Time
	children int // that it has handed out
}

// use is a request with a credential. One that is plain says something where it is refused, too; one that is a further hand-out does so where
// somebody was given several.
type use struct {
	Request
	plain, further bool
}

// deed is a request that was granted and does something to a credential.
type deed struct {
	Request
	to    *held
	ends  bool // and does not hand out
	alone bool // while nothing else was sent
	idle  bool // it may have done nothing
}

// Alone says whether what follows is sent while nothing else is.
func (l *Log) Alone(alone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alone = alone
}

// room says whether one more request can be kept.
func (l *Log) room() bool {
	l.kept++
	return l.kept <= most
}

// HandedOut enters what an answer handed out. A renewal that rotates ends its original.
func (l *Log) HandedOut(r Request, c Credential, rotates bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found = nil
	if known := l.all[c.Key]; known != nil {
		known.shared = true
		return
	}
	if !l.room() {
		return
	}
	h := &held{Credential: c, parent: l.all[c.Parent], original: l.all[c.Original], given: r}
	if l.all == nil {
		l.all, l.several = map[string]*held{}, map[string]bool{}
	}
	l.all[c.Key] = h
	if h.parent != nil {
		if h.parent.children++; h.parent.children > 1 {
			l.several[r.Operation] = true
		}
	}
	if h.original != nil {
		h.parent = h.original.parent
		if rotates {
			h.original.doubt(r.Sent)
		}
	}
	l.deeds = append(l.deeds, deed{Request: r, to: h, alone: l.alone})
}

// Used enters a request with a credential that lives by its time. A refusal counts of one that is plain. A server may hand out one thing for
// another, and no second: whether it does so is in the log.
func (l *Log) Used(key string, r Request, plain, hands bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found = nil
	if h := l.all[key]; h != nil && (r.Granted || plain) && l.room() {
		h.uses = append(h.uses, use{r, plain, hands && h.children > 0})
	}
}

// LoggedIn enters a login with the right password.
func (l *Log) LoggedIn(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.room() {
		l.good = append(l.good, r)
	}
}

// Ended enters a request that may have ended a credential; plain says that it is one which does. Spares are those that it spares by its
// contract (see openapi.End).
func (l *Log) Ended(key string, r Request, spares []string, plain bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found = nil
	ended := l.all[key]
	if ended == nil {
		return
	}
	ended.doubt(r.Sent)
	for _, h := range l.all {
		if h != ended && !slices.Contains(spares, spared[relationOf(ended, h)]) {
			h.doubt(r.Sent)
		}
	}
	if plain && r.Granted && l.room() {
		l.deeds = append(l.deeds, deed{Request: r, to: ended, ends: true, alone: l.alone})
	}
}

func (h *held) doubt(from time.Time) {
	if h.doubtful.IsZero() || from.Before(h.doubtful) {
		h.doubtful = from
	}
}

// lived are the uses of a credential while it had to live.
func (l *Log) lived(h *held) []use {
	if h.shared {
		return nil
	}
	var some []use
	for _, u := range h.uses {
		if (h.doubtful.IsZero() || u.Received.Before(h.doubtful)) && (u.Granted || !u.further || l.several[u.Operation]) {
			some = append(some, u)
		}
	}
	slices.SortStableFunc(some, func(a, b use) int { return a.Sent.Compare(b.Sent) })
	return some
}

// relation is what a credential is to another to which something is done.
type relation string

const (
	ofAccount relation = "account" // neither has a parent
	sibling   relation = "sibling"
	other     relation = "other" // of another parent
	child     relation = "child"
	parent    relation = "parent"
	renewal   relation = "renewal"
	original  relation = "original"
	farther   relation = "farther" // of another kind, and none of these
	stranger  relation = "stranger"
)

// spared is how contracts call them.
var spared = map[relation]string{
	ofAccount: "siblings", sibling: "siblings", other: "others", child: "children", parent: "parent", renewal: "renewal", original: "original",
	farther: "siblings",
}

func relationOf(to, h *held) relation {
	switch {
	case to.Owner != h.Owner:
		return stranger
	case h.parent == to:
		return child
	case to.parent == h:
		return parent
	case h.Kind != to.Kind:
		return farther
	case h.original == to:
		return renewal
	case to.original == h:
		return original
	case h.parent != to.parent:
		return other
	case h.parent == nil:
		return ofAccount
	}
	return sibling
}
