package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"example.org/conform/harness/fault"
	playerfault "example.org/conform/harness/fault/player"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
	"example.org/conform/suites/proof"
)

type proveFlags struct {
	proof.Options
	broughtFlags
	out, signatures, keep, kept string
	// procs are how many checks of a run are made at a time, in one proof after the other.
	procs []int
	// marks are those of the faults that were judged by all checks, by profile and name, where signatures are made of them.
	marks map[string][]string
}

func newProve() *cobra.Command {
	var f proveFlags
	cmd := &cobra.Command{
		Use:   "prove",
		Short: "Prove the suite: every fault is caught by the requirement that it breaks, no variant is blamed",
		Long: `prove judges a reference server with each named fault and with each named variant, and prints which requirement
caught what. It ends with 0 when every fault was killed by the requirement that it names, every check of a MUST or a
SHOULD was needed for one of them, and no variant was blamed, and with 1 otherwise.

With --contract-only the checks are those alone that come from the contracts, without what is written by hand for one vendor. A fault of a MUST
counts as caught where the run is nonconformant, one of a SHOULD where something failed or warned, whichever check showed it. It ends with 1
where that is less than 70 % of the faults of a profile.

With --contract it judges a player of that contract, as it is and with each fault that the contract has a place for (list faults --contract),
and prints which requirement caught which, and how much of the contract its checks prove. It ends with 1 where the player is blamed as it is.`,
		Example: `  conform prove --profiles bluecat-9.5 --only type-renamed
  conform prove --one-in 25 --out reports/run/proof
  conform prove --contract api.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.prove(cmd) },
	}
	flags := cmd.Flags()
	f.broughtFlags.addTo(cmd)
	flags.Lookup("contract").Usage = "prove the checks that come of this OpenAPI 3 document, against a player of it"
	flags.StringSliceVar(&f.Profiles, "profiles", nil, "prove these profiles only")
	flags.StringSliceVar(&f.Only, "only", nil, "prove these faults and variants only")
	flags.IntVar(&f.Jobs, "jobs", 12, "runs at a time")
	flags.BoolVar(&f.Full, "full", false, "judge every fault by all checks: the matrix shows everything that it sets off, and the first line of its report has to name the cause")
	flags.BoolVar(&f.Generated, "contract-only", false, "judge every fault by those checks alone that the contract gives, and print how many of each profile they catch")
	flags.IntVar(&f.OneIn, "one-in", 1, "take one in so many of the faults and of the variants of each profile, always the same")
	flags.StringVar(&f.signatures, "signatures", "", "with --full, write to this file what the servers of each story break, for reports to tell by, and print how many others are told by it")
	flags.IntSliceVar(&f.procs, "procs", nil, "with --full, make so many checks of a run at a time, in place of as many as a run makes by itself; of several, as 1,64, each makes a proof, and all have to come to the same")
	flags.StringVar(&f.keep, "keep", "", "with --full, keep the run of each fault in this folder, as PROFILE--FAULT.json")
	flags.StringVar(&f.kept, "kept", "", "with --full, judge nothing, and take the runs of the faults from this folder, where --keep left them")
	flags.StringVar(&f.out, "out", "", "write the proof there too, as proof.json and proof.txt")
	return cmd
}

func (f proveFlags) prove(cmd *cobra.Command) error {
	if err := f.vet(); err != nil {
		return err
	}
	if err := roomFor(filesToProve); err != nil {
		return err
	}
	if f.Count() == 0 {
		return errors.New("nothing to prove: there is no fault and no variant in this selection")
	}
	debug.SetGCPercent(800) // servers come and go, and little of them is left at any time
	var err error
	if f.Executable, err = os.Executable(); err != nil {
		return fmt.Errorf("finding the executable: %w", err)
	}
	var forget func()
	if f.Dir, forget, err = scratch("conform-prove-"); err != nil {
		return exitError{verdict.ExitIncomplete, fmt.Errorf("making a folder for the proof: %w; set TMPDIR to one that can be written into", err)}
	}
	defer forget()
	defs, err := allChecks()
	if err != nil {
		return err
	}
	if len(f.procs) < 2 {
		f.Procs = append(f.procs, 0)[0]
		_, err := f.once(cmd, defs)
		return err
	}
	return f.each(cmd, defs)
}

// each makes a proof for each number of checks at a time, and holds them against each other.
func (f proveFlags) each(cmd *cobra.Command, defs []check.Definition) error {
	var all []verdict.Proof
	var failed error
	for _, procs := range f.procs {
		at := f
		at.Procs = procs
		for _, folder := range []*string{&at.out, &at.keep, &at.kept} {
			if *folder != "" {
				*folder = filepath.Join(*folder, fmt.Sprintf("procs-%d", procs))
			}
		}
		fmt.Fprintf(cmd.OutOrStdout(), "with %d at a time:\n", procs)
		p, err := at.once(cmd, defs)
		if exit := (exitError{}); err != nil && !(errors.As(err, &exit) && exit.code == verdict.ExitNonconformant) {
			return err
		}
		all, failed = append(all, p), cmp.Or(failed, err)
	}
	alike := true
	for i, p := range all[1:] {
		unlike := all[0].Unlike(p)
		alike = alike && len(unlike) == 0
		if err := reports.UnlikeText(cmd.OutOrStdout(), f.procs[0], f.procs[i+1], len(p.Faults), unlike); err != nil && !errors.Is(err, syscall.EPIPE) {
			return err
		}
	}
	if !alike {
		return exitError{verdict.ExitNonconformant, errors.New("what is said of a fault depends on how many checks are made at a time")}
	}
	return failed
}

// once makes a proof, and writes what is asked of it.
func (f proveFlags) once(cmd *cobra.Command, defs []check.Definition) (result verdict.Proof, err error) {
	for _, to := range []struct{ flag, folder string }{{"--out", f.out}, {"--keep", f.keep}} {
		if to.folder == "" {
			continue
		}
		if err := cmp.Or(os.MkdirAll(to.folder, 0o755), reports.Probe(to.folder)); err != nil {
			return result, fmt.Errorf("%s %s: %w", to.flag, to.folder, unwritable(err))
		}
	}
	total := f.Count()
	f.Done = func(done int) {
		if done%50 == 0 {
			fmt.Fprintf(cmd.ErrOrStderr(), "%d of %d judged\n", done, total)
		}
	}
	f.watch(defs)
	if result, err = proof.Run(cmd.Context(), f.Options); err != nil {
		return result, exitError{verdict.ExitIncomplete, err}
	}
	if f.brought == nil && len(f.Only) == 0 && f.OneIn < 2 && !f.Generated {
		if err := f.complete(&result, defs); err != nil {
			return result, err
		}
	}
	err = f.text(cmd.OutOrStdout(), result)
	if errors.Is(err, syscall.EPIPE) {
		err = nil // the exit code stands, whoever reads along
	}
	if f.out != "" {
		err = errors.Join(err, f.write(result))
	}
	if f.signatures != "" {
		err = errors.Join(err, f.sign(cmd.OutOrStdout()))
	}
	switch {
	case !f.holds(result):
		return result, exitError{verdict.ExitNonconformant, err}
	case err != nil:
		return result, exitError{verdict.ExitIncomplete, err}
	}
	return result, nil
}

// holds says whether a proof shows what it is to show.
func (f proveFlags) holds(p verdict.Proof) bool {
	switch {
	case f.brought != nil: // what survives is told, and is the contract's
		return !slices.ContainsFunc(p.Variants, func(v verdict.VariantProof) bool { return v.Verdict != verdict.Conformant || len(v.Blamed) > 0 })
	case f.Generated:
		return p.HoldsGenerated()
	}
	return p.Holds() && len(p.Unproven)+len(p.Idle) == 0
}

// text writes a proof for people.
func (f proveFlags) text(w io.Writer, p verdict.Proof) error {
	if f.Generated {
		return reports.GeneratedText(w, p)
	}
	return reports.ProofText(w, p)
}

// vet finds the flags to be in order, and what is to be proven.
func (f *proveFlags) vet() error {
	if err := f.read(); err != nil {
		return err
	}
	if f.Generated && f.Full {
		return errors.New("--contract-only asks fewer checks, and --full asks all; give one of them")
	}
	if err := oneOf("--profiles", reference.Profiles(), f.Profiles...); err != nil {
		return err
	}
	if all := f.signatures + f.keep + f.kept; !f.Full && (all != "" || len(f.procs) > 0) {
		return errors.New("--signatures, --keep, --kept and --procs are of what all checks make of a fault; give --full too")
	}
	if least := slices.Min(append(f.procs, 1)); least < 1 {
		return fmt.Errorf("--procs %d: give a number of 1 or more", least)
	}
	if len(f.procs) > 1 && f.signatures != "" {
		return errors.New("--signatures are of one proof, and there is one for each of --procs; give one number, or none")
	}
	if f.Jobs < 1 {
		return fmt.Errorf("--jobs %d: give a number of 1 or more", f.Jobs)
	}
	if f.OneIn < 1 {
		return fmt.Errorf("--one-in %d: give a number of 1 or more", f.OneIn)
	}
	all := append(reference.Faults(), reference.Variants()...)
	if f.brought != nil {
		if len(f.Profiles) > 0 || f.Full || f.Generated {
			return errors.New("--profiles, --contract-only and --full are of what is built in; leave them or --contract out")
		}
		f.Contract = f.ofContract()
		all = f.Contract.Faults
		if _, err := f.Contract.Make(reference.Options{Profile: f.brought.Profile}); err != nil {
			return err
		}
	}
	for _, name := range f.Only {
		if !slices.ContainsFunc(all, func(n fault.Named) bool { return n.Name == name }) {
			return fmt.Errorf("--only %q: neither a fault nor a variant (conform list faults, conform list variants)%s", name, f.listed())
		}
	}
	return nil
}

// listed says where the faults of a contract are listed.
func (f *proveFlags) listed() string {
	if f.brought == nil {
		return ""
	}
	return "; those of a contract are in conform list faults --contract " + f.contract
}

// ofContract is the contract that is brought, as the proof needs it.
func (f *proveFlags) ofContract() *proof.Contract {
	c := &proof.Contract{
		Profile: f.brought.Profile, Args: []string{"--contract", f.contract}, Make: playerfault.Make(f.brought.Contract), Faults: playerfault.Faults(f.brought.Contract),
	}
	for _, file := range f.overlays {
		c.Args = append(c.Args, "--overlay", file)
	}
	if f.catalogue != "" {
		c.Args = append(c.Args, "--catalogue", f.catalogue)
	}
	for _, id := range f.allow {
		c.Args = append(c.Args, "--allow", id)
	}
	for _, r := range f.brought.Catalogue.Requirements {
		if r.Level != specs.Note {
			c.Requirements = append(c.Requirements, r.ID)
		}
	}
	return c
}

// complete adds what the whole proof shows, in its profiles: what nobody proves, and what nobody needs.
func (f proveFlags) complete(result *verdict.Proof, defs []check.Definition) error {
	catalogues, err := specs.All()
	if err != nil {
		return err
	}
	other := func(id string) bool {
		return len(f.Profiles) > 0 && !slices.Contains(f.Profiles, id[:strings.IndexAny(id, " /")])
	}
	result.Unproven = slices.DeleteFunc(proof.Unproven(catalogues, reference.Faults(), reference.Exempt()), other)
	result.Idle = slices.DeleteFunc(proof.Idle(defs, *result, reference.Exempt()), other)
	return nil
}

func (f proveFlags) write(p verdict.Proof) error {
	err := errors.Join(
		reports.WriteFile(filepath.Join(f.out, "proof.txt"), 0o644, func(w io.Writer) error { return f.text(w, p) }),
		reports.WriteFile(filepath.Join(f.out, "proof.json"), 0o644, func(w io.Writer) error { return reports.EncodeJSON(w, p) }),
	)
	if err != nil {
		return fmt.Errorf("the proof could not be written into %s: %w", f.out, unwritable(err))
	}
	return nil
}
