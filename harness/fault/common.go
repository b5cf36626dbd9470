package fault

import (
	_ "embed" // the catalogue of what goes wrong everywhere
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed common.yaml
var commonText []byte

// common is what goes wrong with every vendor, by kind and name: what a report usually says of it, and its story. In a
// name, * stands for what the vendor calls the thing.
var common = sync.OnceValue(func() (kinds map[string]map[string]Named) {
	if err := yaml.UnmarshalWithOptions(commonText, &kinds, yaml.Strict()); err != nil {
		panic(fmt.Errorf("common.yaml: %w", err)) // it is part of the program, and a test reads it
	}
	return kinds
})

// Kind are the ways in which one thing goes wrong, by name, bound to a vendor's word and seam. A catalogue takes those that
// it names.
type Kind[C any] map[string]Deviation[C]

// bind binds the mechanisms of a kind to a vendor's word and seam.
func bind[C, M any](kind, word string, mechanisms map[string]M, seam func(M) func(*C)) Kind[C] {
	return bindAnew(kind, word, func() map[string]M { return mechanisms }, seam)
}

// bindAnew binds mechanisms that remember, which are made anew for every server.
func bindAnew[C, M any](kind, word string, mechanisms func() map[string]M, seam func(M) func(*C)) Kind[C] {
	bound := Kind[C]{}
	for name := range mechanisms() {
		bound[strings.Replace(name, "*", word, 1)] = Deviation[C]{
			Named: common()[kind][name],
			Apply: func(c *C) { seam(mechanisms()[name])(c) },
		}
	}
	return bound
}
