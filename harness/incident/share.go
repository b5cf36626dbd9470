package incident

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Share is how often credentials of a kind were refused that had to live.
type Share struct {
	// Operations are those that refused them.
	Operations []string
	// Recovered says that one was refused and, later on, granted the same: else it may have been over.
	Recovered bool
	// Words are a sentence on it.
	Words string
}

// enough is how many requests of an operation have to have been granted for it to count as one that refuses none.
const enough = 3

// count is how often an operation was asked with a credential that had to live.
type count struct {
	all, refused int
	recovered    bool
}

// enter takes what was asked with one credential, in order.
func (c *count) enter(asked []Request) {
	var first *Request
	for i, r := range asked {
		if c.all++; r.Granted {
			c.recovered = c.recovered || first != nil && !first.Received.After(r.Sent)
			continue
		}
		if c.refused++; first == nil {
			first = &asked[i]
		}
	}
}

// Shares are the kinds of credentials of which some were refused that had to live, and some were not.
func (l *Log) Shares() (all []Share) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kinds := map[string]map[string]*count{}
	for _, h := range l.all {
		asked := map[string][]Request{}
		for _, u := range l.lived(h) {
			if u.plain {
				asked[u.Operation] = append(asked[u.Operation], u.Request)
			}
		}
		for operation, of := range asked {
			if kinds[h.Kind] == nil {
				kinds[h.Kind] = map[string]*count{}
			}
			if kinds[h.Kind][operation] == nil {
				kinds[h.Kind][operation] = &count{}
			}
			kinds[h.Kind][operation].enter(of)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if s, some := shareOf("a living "+kind, kinds[kind]); some {
			all = append(all, s)
		}
	}
	if s, some := shareOf("a login with the right password", l.logins()); some {
		all = append(all, s)
	}
	return all
}

// logins counts those with the right password.
func (l *Log) logins() map[string]*count {
	slices.SortStableFunc(l.good, func(a, b Request) int { return a.Sent.Compare(b.Sent) })
	c := &count{}
	c.enter(l.good)
	if c.all == 0 {
		return nil
	}
	return map[string]*count{l.good[0].Operation: c}
}

// shareOf is a share of what was refused and granted. Where operations have refused none, those are named that did.
func shareOf(what string, counts map[string]*count) (s Share, some bool) {
	sum, clean := count{}, false
	for operation, c := range counts {
		if c.refused > 0 && c.refused < c.all {
			s.Operations = append(s.Operations, operation)
			sum.all, sum.refused = sum.all+c.all, sum.refused+c.refused
			s.Recovered = s.Recovered || c.recovered
		}
		clean = clean || c.refused == 0 && c.all >= enough
	}
	if len(s.Operations) == 0 {
		return s, false
	}
	slices.Sort(s.Operations)
	s.Words = fmt.Sprintf("%s was refused in %d of %d requests", what, sum.refused, sum.all)
	if clean {
		s.Words += " of " + strings.Join(s.Operations, " and ")
	}
	return s, true
}
