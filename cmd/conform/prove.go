package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
	"example.org/conform/specs"
	"example.org/conform/suites/proof"
)

type proveFlags struct {
	profiles, names []string
	jobs            int
	out             string
	full            bool
}

func newProve() *cobra.Command {
	var f proveFlags
	cmd := &cobra.Command{
		Use:   "prove",
		Short: "Prove the suite: every fault is caught by the requirement that it breaks, no variant is blamed",
		Long: `prove judges a reference server with each named fault and with each named variant, and prints which requirement
caught what. It ends with 0 when every fault was killed by the requirement that it names, every check of a MUST or a
SHOULD was needed for one of them, and no variant was blamed, and with 1 otherwise.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.prove(cmd) },
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.profiles, "profiles", nil, "prove these profiles only")
	flags.StringSliceVar(&f.names, "only", nil, "prove these faults and variants only")
	flags.IntVar(&f.jobs, "jobs", 24, "runs at a time")
	flags.BoolVar(&f.full, "full", false, "judge every fault by all checks, so that the matrix shows everything that it sets off")
	flags.StringVar(&f.out, "out", "", "write the proof there too, as proof.json and proof.txt")
	return cmd
}

func (f proveFlags) prove(cmd *cobra.Command) error {
	options, err := f.options()
	if err != nil {
		return err
	}
	total := options.Count()
	if total == 0 {
		return fmt.Errorf("nothing to prove: there is no fault and no variant in this selection")
	}
	var done atomic.Int64
	options.Done = func() {
		if n := done.Add(1); n%50 == 0 {
			fmt.Fprintf(cmd.ErrOrStderr(), "%d of %d judged\n", n, total)
		}
	}
	result, err := proof.Run(cmd.Context(), options)
	if err != nil {
		return exitError{verdict.ExitIncomplete, err}
	}
	if len(f.names) == 0 {
		if err := f.complete(options, &result); err != nil {
			return err
		}
	}
	if err := reports.ProofText(cmd.OutOrStdout(), result); err != nil {
		return err
	}
	if f.out != "" {
		if err := f.write(result); err != nil {
			return err
		}
	}
	if !result.Holds() || len(result.Unproven)+len(result.Idle) > 0 {
		return exitError{code: verdict.ExitNonconformant}
	}
	return nil
}

func (f proveFlags) options() (proof.Options, error) {
	if err := oneOf("--profiles", reference.Profiles(), f.profiles...); err != nil {
		return proof.Options{}, err
	}
	if f.jobs < 1 {
		return proof.Options{}, fmt.Errorf("--jobs %d: give a number of 1 or more", f.jobs)
	}
	executable, err := os.Executable()
	if err != nil {
		return proof.Options{}, fmt.Errorf("finding the executable: %w", err)
	}
	faults, variants := reference.Faults(), reference.Variants()
	for _, name := range f.names {
		if !slices.ContainsFunc(append(slices.Clone(faults), variants...), func(n fault.Named) bool { return n.Name == name }) {
			return proof.Options{}, fmt.Errorf("--only %q: neither a fault nor a variant (conform list faults, conform list variants)", name)
		}
	}
	pick := func(list []fault.Named) []fault.Named {
		if len(f.names) == 0 {
			return list
		}
		return slices.DeleteFunc(list, func(n fault.Named) bool { return !slices.Contains(f.names, n.Name) })
	}
	return proof.Options{
		Executable: executable, Jobs: f.jobs, Faults: pick(faults), Variants: pick(variants), Profiles: f.profiles,
		Lifetimes: reference.ShortLifetimes(), Full: f.full,
	}, nil
}

// complete adds what the whole proof shows, in its profiles: what nobody proves, and what nobody needs.
func (f proveFlags) complete(o proof.Options, result *verdict.Proof) error {
	catalogues, err := specs.All()
	if err != nil {
		return err
	}
	defs, err := allChecks()
	if err != nil {
		return err
	}
	other := func(id string) bool {
		profile, _, _ := strings.Cut(strings.Replace(id, " ", "/", 1), "/")
		return len(f.profiles) > 0 && !slices.Contains(f.profiles, profile)
	}
	result.Unproven = slices.DeleteFunc(proof.Unproven(catalogues, o.Faults, reference.Exempt()), other)
	result.Idle = slices.DeleteFunc(proof.Idle(defs, *result, reference.Exempt()), other)
	return nil
}

func (f proveFlags) write(p verdict.Proof) error {
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return errors.Join(
		reports.WriteFile(filepath.Join(f.out, "proof.txt"), 0o644, func(w io.Writer) error { return reports.ProofText(w, p) }),
		reports.WriteFile(filepath.Join(f.out, "proof.json"), 0o644, func(w io.Writer) error { return reports.EncodeJSON(w, p) }),
	)
}
