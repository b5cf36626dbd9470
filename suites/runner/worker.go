package runner

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/ginkgo/command"
	ginkgorun "github.com/onsi/ginkgo/v2/ginkgo/run"

	"example.org/conform/harness/client"
	"example.org/conform/harness/coordinator"
	"example.org/conform/harness/redact"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// Ginkgo is the role of Ginkgo's runner: it starts the workers and ends with the exit code that exit is given.
func Ginkgo(arguments string, exit func(int)) error {
	var procs int
	var seed int64
	if _, err := fmt.Sscanf(arguments, "%d %d", &procs, &seed); err != nil {
		return fmt.Errorf("reading %s: %w", RunnerVariable, err)
	}
	run := ginkgorun.BuildRunCommand()
	command.Program{Name: "conform", Commands: []command.Command{run}, DefaultCommand: run, Exiter: exit}.RunAndExit([]string{
		"conform", "run", fmt.Sprintf("--procs=%d", procs), fmt.Sprintf("--seed=%d", seed), "--randomize-all", "--no-color",
		"--succinct", "--keep-going", "--output-interceptor-mode=none", "--grace-period=30s", "./" + compiled,
	})
	return nil
}

// Worker is the role of a worker: it takes the job from the coordinator and runs its share of the checks under
// Ginkgo. The function lost is called when the command has gone, and must end the process.
func Worker(address string, systems []check.System, lost func()) error {
	log.SetOutput(io.Discard) // net/http writes there what a broken server sends unasked
	coord, err := coordinator.Dial(address)
	if err != nil {
		return err
	}
	defer func() { _ = coord.Close() }()
	go func() {
		<-coord.Lost()
		lost()
	}()
	job, err := coord.Job(context.Background())
	if err != nil {
		return err
	}
	testing.Init()
	flag.Parse()
	branches, err := branches(job, systems, coord)
	if err != nil {
		return err
	}
	check.Tree(coord, branches)
	ginkgo.RunSpecs(silent{}, "conform")
	return nil
}

// silent takes Ginkgo's word that something failed; the results say what.
type silent struct{}

func (silent) Fail() {}

func branches(job coordinator.Job, systems []check.System, coord *coordinator.Client) ([]check.Branch, error) {
	var out []check.Branch
	for i, rj := range job.Runs {
		if rj.Withdrawn {
			continue
		}
		t, err := target.Parse("the run's target", rj.Description, func(string) (string, bool) { return "", false })
		if err != nil {
			return nil, err
		}
		system, defs, err := find(systems, rj.Profile)
		if err != nil {
			return nil, err
		}
		env, err := environment(i, t, system, coord, t.Limits.Timeout)
		if err != nil {
			return nil, err
		}
		out = append(out, check.Branch{Env: env, Defs: defs, Job: rj, Name: fmt.Sprintf("%s at %s", rj.Profile, t.URL)})
	}
	return out, nil
}

// environment is what the checks of one run share within one process.
func environment(run int, t *target.Target, system check.System, coord *coordinator.Client, timeout time.Duration) (*check.Env, error) {
	doc, err := openapi.Load(t.Profile)
	if err != nil {
		return nil, err
	}
	config, err := t.HTTPTLS()
	if err != nil {
		return nil, err
	}
	env := &check.Env{Run: run, Target: t, Coordinator: coord, Redactor: &redact.Redactor{}, End: system.End}
	for _, secret := range t.Secrets() {
		name, err := coord.Name(context.Background(), secret.Name, secret.Value) // the one that it has
		if err != nil {
			return nil, err
		}
		env.Redactor.Add(name, secret.Value)
	}
	options := client.Options{
		Base: t.URL, TLS: config, Timeout: timeout,
		Throttled: func(ctx context.Context, wait time.Duration) error {
			if err := coord.Throttle(ctx, run, wait); err != nil {
				return err
			}
			return pause(ctx, wait)
		},
	}
	if t.Limits.RequestsPerSecond > 0 {
		options.Turn = func(ctx context.Context) error {
			wait, err := coord.Turn(ctx, run)
			if err != nil {
				return err
			}
			return pause(ctx, wait)
		}
	}
	if system.Authenticate != nil {
		if options.RoundTripper, options.Close, err = system.Authenticate(t); err != nil {
			return nil, err
		}
	}
	env.Client = client.New(doc, options)
	return env, nil
}

func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
