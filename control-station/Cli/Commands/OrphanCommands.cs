using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>orphan</c>.</summary>
internal static class OrphanCommands
{
    private static readonly Argument<string> Leg = new("LEG") { Description = "Id of the leg, from 'vsan orphan list'." };
    private static readonly Option<string?> Name = new("--name") { Description = "Another name for the volume; default the one that it had.", HelpName = "NAME" };
    private static readonly Option<string?> Project = new("--project") { Description = "Another project; default the one that it had.", HelpName = "PROJECT" };
    private static readonly Option<bool> Yes = GlobalOptions.Yes();

    private static readonly Noun<Orphan, OrphanPage> Orphans = new(
        "orphan", "orphans", p => p.Items, p => p.NextCursor, items => new OrphanPage(items, null), o => o.Id.ToString(), o => o.Id.ToString(),
        [
            new("LEG", o => o.Id.ToString()),
            new("UNIT", o => o.UnitName),
            new("VOLUME", o => o.VolumeName ?? "-"),
            new("PART", o => o is { Index: { } index, LegCount: { } count } ? $"{index + 1} of {count}" : "-"),
            new("SIZE", o => ByteSize.Format(o.SizeBytes), Numeric: true),
            new("STATE", o => o.State.ToWire()),
            new("ADOPTABLE", o => o.Adoptable ? "yes" : "no"),
            new("REASON", o => o.Reason),
            new("LAYOUT", o => o.Layout ?? "-", WideOnly: true),
            new("STORE", o => o.StoreId.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("orphan", "Legs on units that no volume knows. They are served to nobody and never deleted by themselves.")
    {
        run.Command("list", "List them, and say for each what can be done.", ListAsync),
        run.Command("adopt", """
            Make a volume again of an orphan and the other legs that its volume had, with the same names for hosts. No host has it until it is mapped.

            Example:
              vsan orphan adopt 0194b6c8-41a2-7c1e-9f5a-0b1c2d3e4f50 --name rescued
            """, AdoptAsync, Leg, Name, Project),
        run.Command("delete", "Let its unit delete an orphan, for good. One that a volume knows is refused.", DeleteAsync, Leg, Yes),
    });

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Orphans, await invocation.Api.ListAsync(Orphans, invocation.Cancellation).ConfigureAwait(false));

    private static async Task AdoptAsync(Invocation invocation)
    {
        Guid leg = LegOf(invocation);
        OrphanAdopt request = new(invocation.Get(Name), invocation.Get(Project));
        Volume volume = await invocation.Api.PostAsync<OrphanAdopt, Volume>($"orphans/{leg}:adopt", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(VolumeCommands.Volumes, volume);
    }

    private static async Task DeleteAsync(Invocation invocation)
    {
        Guid leg = LegOf(invocation);
        if (!invocation.Get(Yes) && !invocation.Get(GlobalOptions.DryRun)) invocation.Confirm("orphan", leg.ToString());
        Orphan orphan = await invocation.Api.DeleteAsync<Orphan>($"orphans/{leg}", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"{orphan.UnitName} deletes leg {orphan.Id}.");
    }

    private static Guid LegOf(Invocation invocation) => Guid.TryParse(invocation.Get(Leg), out Guid leg)
        ? leg
        : throw new CommandFailure(ExitCode.Usage, "The leg's id is not a GUID.", "'vsan orphan list' shows it.");
}
