package check

import (
	"context"
	"testing"
)

func TestDeclarationsAreVetted(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context, *Case) {}
	for name, declare := range map[string]func(*Suite[*Case]){
		"no requirement":      func(s *Suite[*Case]) { s.Check("a", "t", nothing) },
		"unknown requirement": func(s *Suite[*Case]) { s.Check("a", "t", nothing, Proves("ADX-SES-99")) },
		"twice": func(s *Suite[*Case]) {
			s.Check("a", "t", nothing, Proves("ADX-SES-01"))
			s.Check("a", "t", nothing, Proves("ADX-SES-01"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			documents, err := DocumentsOf("adaxes-2025.1")
			if err != nil {
				t.Fatal(err)
			}
			s := NewSuite(documents, func(c *Case) *Case { return c }, nil)
			declare(s)
			if _, err := s.Definitions(); err == nil {
				t.Error("no error")
			}
		})
	}
}
