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
	// Recovered says that one was refused and, later on, granted the same.
	Recovered bool
	// Words are a sentence on it.
	Words string
}

// enough is how many requests of an operation have to have been granted for it to count as one that refuses none.
const enough = 3

type count struct {
	all, refused int
	recovered    bool
}

func (c *count) enter(granted, after bool) {
	c.all++
	if !granted {
		c.refused++
	}
	c.recovered = c.recovered || granted && after
}

// Shares are the kinds of credentials of which some were refused that had to live, and some were not.
func (l *Log) Shares() (all []Share) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kinds := map[string]map[string]*count{}
	for _, h := range l.all {
		refused := map[string]Request{}
		for _, u := range h.lived() {
			if !u.plain {
				continue
			}
			if kinds[h.Kind] == nil {
				kinds[h.Kind] = map[string]*count{}
			}
			c := kinds[h.Kind][u.Operation]
			if c == nil {
				c = &count{}
				kinds[h.Kind][u.Operation] = c
			}
			first, known := refused[u.Operation]
			c.enter(u.Granted, known && before(first.Received, u.Sent))
			if !u.Granted && !known {
				refused[u.Operation] = u.Request
			}
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
	counts := map[string]*count{}
	var refused *Request
	slices.SortStableFunc(l.good, func(a, b Request) int { return a.Sent.Compare(b.Sent) })
	for i, r := range l.good {
		if counts[r.Operation] == nil {
			counts[r.Operation] = &count{}
		}
		counts[r.Operation].enter(r.Granted, refused != nil && before(refused.Received, r.Sent))
		if !r.Granted && refused == nil {
			refused = &l.good[i]
		}
	}
	return counts
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
