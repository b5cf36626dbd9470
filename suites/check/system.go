package check

import (
	"context"
	"io/fs"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/specs"
)

// System is one vendor's API, as the runner sees it.
type System struct {
	// Profiles are the IDs of its profiles.
	Profiles []string
	// Documents are those of a profile.
	Documents func(profile string) (Documents, error)
	// Target is what a description can say of the system beyond what it says of any.
	Target target.Vocabulary
	// Checks declares the checks of a profile, and returns them in the order of the catalogue.
	Checks func(profile string, declared Declared) ([]Definition, error)
	// Preflight reaches the target, logs in once and tries what it got. A nil Problem lets the run begin; a breach
	// of the contract is no Problem, it is for the checks to name.
	Preflight func(context.Context, *Case) *Problem
	// Balanced finds out, once checks have lost what they were given, whether a balancer before the servers is why.
	Balanced func(context.Context, *Case) *Problem
	// Suspect has an operation do what it does, alone, to a credential while others live that it has to spare: what comes of it is in the log
	// of incidents. It is nil for a system whose credentials the log does not know.
	Suspect func(ctx context.Context, c *Case, operation string)
	// Insist asks an operation again and again with one credential that lives, as Suspect does.
	Insist func(ctx context.Context, c *Case, operation string)
	// End ends one item of the ledger. It is nil for a system whose API ends nothing and whose checks enter nothing.
	End func(context.Context, *client.Client, ledger.Item) error
	// Authenticate makes, once for each client, what logs its requests in where that is the transport's work: a wrapper
	// of the client's transports, and what ends it. It is nil for a system that logs in by its requests.
	Authenticate func(*target.Target) (wrap func(*http.Transport) http.RoundTripper, end func(), err error)
}

// Problem is why a run cannot begin, in one line each: what is wrong, and what to do.
type Problem struct{ Reason, Remedy string }

// Declared is called with each check from where it is declared, so that its caller can be found there by whoever looks at
// the stack: this is how a failure of a Ginkgo spec points at the line of its check. It may be nil.
type Declared func(Definition)

// Documents are what the checks of a profile are declared from.
type Documents struct {
	Contract  *openapi.Document
	Catalogue *specs.Catalogue
}

// DocumentsOf are the embedded documents of a profile.
func DocumentsOf(profile string) (d Documents, err error) {
	if d.Catalogue, err = specs.ForProfile(profile); err == nil {
		d.Contract, err = openapi.Load(profile)
	}
	return d, err
}

// DocumentsIn are the documents of a profile in a folder of its system's: <profile>.yaml and <system>.yaml.
func DocumentsIn(folder fs.FS, system, profile string) (d Documents, err error) {
	if d.Catalogue, err = specs.Read(folder, system); err == nil {
		d.Contract, err = openapi.Read(folder, profile)
	}
	return d, err
}
