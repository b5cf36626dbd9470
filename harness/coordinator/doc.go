// Package coordinator is what the processes of one run share: the job they work on, the names of secrets, the account
// guard, the ledger of what must be ended, the rate of requests, and the results as they come. The command holds the
// state; each worker process talks to it over a Unix socket in a private folder, so that a worker that dies loses
// nothing but its current check, releases what it held, and leaves a ledger from which the command can clean up.
package coordinator

import (
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// Job is what the workers of one invocation have to do.
type Job struct {
	Runs []RunJob
}

// RunJob is one target judged against one profile.
type RunJob struct {
	// Profile is the profile's ID and Description the target file's content, credentials included: it travels over
	// the socket only.
	Profile     string
	Description []byte
	// Skips maps the ID of each check that is not to run to the reason. Checks that are neither here nor in Execute
	// were not selected.
	Skips   map[string]Skip
	Execute []string
	// Withdrawn says that the target could not be reached: nothing of the run is in the tree.
	Withdrawn bool
}

// Skip says why a check does not run, and what to add to the target so that it does.
type Skip struct {
	Reason, Remedy string
}

// Item is a session or a token that a run made on a target and must end.
type Item struct {
	// Run is the index of the run in the job.
	Run int
	// Kind is the system's own word: "session", "token".
	Kind string
	// Value identifies the item to the server, and Key is the credential that ends it where one is needed.
	Value, Key string
	// Base is the URL of the instance that has it, empty for the target's own.
	Base string
}

// Breach is a difference between an answer and its contract that was seen in a check about something else.
type Breach struct {
	Violation evidence.Violation
	Operation string
	// Check is the ID of the check that saw it.
	Check string
	// Told says that the check itself failed on it, and shows the exchange.
	Told     bool
	Exchange evidence.Exchange
}

// Result is what one executed check hands in.
type Result struct {
	Run   int
	Check verdict.Check
	// Breaches were seen in passing, and Answers counts the answers to each operation.
	Breaches []Breach
	Answers  map[string]int
	// Dropped counts connections that broke before an answer and were tried again.
	Dropped int
}

// Progress is one step of a worker, for the live line.
type Progress struct {
	Check string
	// Waiting says what the check waits for, until when; zero when it does not wait.
	Waiting string
	Until   time.Time
}
