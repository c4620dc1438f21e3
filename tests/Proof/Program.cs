using VSan.Tests.Proof;

// vsan-proof VERB [--states N | --rounds N | --increments N] [--seed N] [--break] [--volumes N]: ./dev gives the verb; docs/proof.md says what each shows.
Rig? rig = args.Length == 0 ? null : Rig.All.FirstOrDefault(one => one.Verb == args[0]);
ProofOptions? options = rig is null ? null : ProofOptions.TryParse(args[1..], rig.CountName, rig.CountDefault);
if (options is null)
{
    foreach (Rig one in Rig.All) await Console.Error.WriteLineAsync($"usage: ./dev {one.Verb} [{one.CountName} N] [--seed N] [--break]");
    return 2;
}

Console.WriteLine($"{rig!.Verb}: seed {options.Seed}{(options.Break ? ", negative control: the product is broken on purpose" : string.Empty)}");
Verdict verdict = await rig.RunAsync(options, Console.Out);
if (options.Break) Console.WriteLine(verdict.Faults > 0 ? "the rig sees it" : "THE RIG DOES NOT SEE IT");
Console.WriteLine($"{rig.Verb}: {verdict.Line}");
return verdict.ExitCode(options.Break);
