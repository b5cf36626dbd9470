package target

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// word is a text that is written as it stands: a key.
type word string

// MarshalFile writes the description as YAML that a Reader reads back as the same target, whatever the environment
// holds. It holds the real passwords: the caller writes it with mode 0600.
func (t *Target) MarshalFile() ([]byte, error) {
	type account struct {
		Account `yaml:",inline"`
		Own     map[word]string `yaml:",inline"`
	}
	file := struct { // in the order in which people look for things
		Profile  string           `yaml:"profile"`
		URL      string           `yaml:"url"`
		Account  account          `yaml:"account"`
		Accounts map[word]Account `yaml:"accounts,omitempty"`
		Target   `yaml:",inline"`
		Own      map[word]any `yaml:",inline"`
	}{t.Profile, t.URL, account{t.Account, map[word]string{}}, map[word]Account{}, *t, map[word]any{}}
	for name, a := range t.Accounts {
		file.Accounts[word(name)] = a
	}
	for path, text := range t.Own {
		mapping, key, nested := strings.Cut(path, ".")
		switch {
		case !nested:
			file.Own[word(path)] = text
		case mapping == "account":
			file.Account.Own[word(key)] = text
		default:
			if file.Own[word(mapping)] == nil {
				file.Own[word(mapping)] = map[word]string{}
			}
			file.Own[word(mapping)].(map[word]string)[word(key)] = text
		}
	}
	// Left to itself the encoder quotes too few texts: one that ends in a tab is read back without it.
	quote := func(text string) ([]byte, error) { return []byte(strconv.Quote(literal(text))), nil }
	return yaml.MarshalWithOptions(file, yaml.CustomMarshaler(quote),
		yaml.CustomMarshaler(func(s Secret) ([]byte, error) { return quote(s.Reveal()) }))
}
