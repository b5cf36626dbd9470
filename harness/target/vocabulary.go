package target

import (
	"slices"
	"strings"
)

// Vocabulary is what a description can say of one system beyond what it says of any. Each system declares its own; a
// description may use the words of all, so that one file serves a server that is judged by several profiles.
type Vocabulary struct {
	// Keys are the system's own keys.
	Keys []Key
	// Accounts are its names for accounts in other states, beside those of any system; see Target.Accounts.
	Accounts []string
	// Needs are what its requirements need of a target beyond what those of any API do, by the words of its catalogue.
	Needs map[string]Need
	// Given says whether a profile is one of its own whose credential the target gives, so that each account has a token; nil for none.
	Given func(profile string) bool
	// Check, unless nil, says by Wrong what is amiss in what the keys say together.
	Check func(*Target) error
}

// Key is a key whose value is a text. The value is kept in Target.Own.
type Key struct {
	// Path is a key of the file, of its account, or of a mapping that is the system's own, such as kerberos.realm.
	Path string
	// Values are those that it may have; none for any text.
	Values []string
	// File says that it names a file. The path is relative to the description, and absolute once that is read.
	File bool
	// Password says that the account needs no password beside it.
	Password bool
}

// Reader reads descriptions. The zero Reader knows the keys of any API and no other.
type Reader struct {
	// Systems are the vocabularies that a description may use.
	Systems []Vocabulary
	// Profile is that of a description which names none. Without it every description must name its own.
	Profile string
	// Brought is the profile of a contract that somebody brings, by which alone is judged; "" for those that are built in.
	Brought string
}

// keys are the own keys of all systems.
func (r Reader) keys() (keys []Key) {
	for _, v := range r.Systems {
		keys = append(keys, v.Keys...)
	}
	return keys
}

// OddPassword and LongPassword are the names, in every description, of accounts whose passwords stacks are known to mangle.
const (
	OddPassword  = "oddPassword"
	LongPassword = "longPassword"
)

// AnotherToken, EndedToken and LapsedToken are the names, in every description, of accounts with tokens that were given: one that lives, one
// that somebody has ended, and one whose time is up.
const (
	AnotherToken = "another"
	EndedToken   = "ended"
	LapsedToken  = "lapsed"
)

// Given says whether accounts of a profile have a token in place of a name and a password.
func (r Reader) Given(profile string) bool {
	return slices.ContainsFunc(r.Systems, func(v Vocabulary) bool { return v.Given != nil && v.Given(profile) })
}

// LongerThan is the number of bytes that a long password has more than: bcrypt looks at no more.
const LongerThan = 72

// accounts are the names that Target.Accounts may have.
func (r Reader) accounts() (names []string) {
	names = []string{OddPassword, LongPassword, AnotherToken, EndedToken, LapsedToken}
	for _, v := range r.Systems {
		names = append(names, v.Accounts...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Says reports whether a description has a value for an own key, or for one of the mapping at a path.
func (t *Target) Says(path string) bool {
	for own, text := range t.Own {
		if text != "" && (own == path || strings.HasPrefix(own, path+".")) {
			return true
		}
	}
	return false
}
