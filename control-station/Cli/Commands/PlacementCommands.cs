using System.CommandLine;
using System.Globalization;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>placement</c>.</summary>
internal static class PlacementCommands
{
    private static readonly Noun<PlacementVerdict, PlacementExplanation> Stores = new(
        "store", "placements", e => e.Stores, _ => null, items => new PlacementExplanation(false, null, "single", 0, 0, items), v => v.StoreId.ToString(), v => v.StoreName,
        [
            new("UNIT", v => v.UnitName),
            new("STORE", v => v.StoreName),
            new("LEG", v => v.LegIndex is { } index ? index.ToString(CultureInfo.InvariantCulture) : "-"),
            new("ROOM", v => ByteSize.Format(v.RoomBytes), Numeric: true),
            new("USED AFTER", v => v.UsedRatio is { } ratio ? ratio.ToString("P1", CultureInfo.InvariantCulture) : "-", Numeric: true),
            new("LOAD", v => v.Load is { } load ? load.ToString(CultureInfo.InvariantCulture) : "-", Numeric: true),
            new("WHY NOT", v => v.Rejection ?? "-"),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("placement", "Where the legs of volumes go, and why.")
    {
        run.Command("explain", """
            Say for each store why it would take a leg of a volume, or why not. Nothing is reserved.

            Example:
              vsan placement explain --size 1TiB --layout mirror-2
            """, ExplainAsync, VolumeCommands.PlacementOptions),
    });

    /// <summary>Asks and shows the answer; a volume that cannot be placed is a conflict.</summary>
    public static async Task ShowAsync(Invocation invocation, VolumeCreate request) => Show(
        invocation, "volume", await invocation.Api.PostAsync<VolumeCreate, PlacementExplanation>("placements:explain", request, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));

    /// <summary>Shows an answer; what cannot be placed is a conflict.</summary>
    public static void Show(Invocation invocation, string noun, PlacementExplanation explanation)
    {
        if (invocation.Output.IsJson) invocation.Output.WriteOne<PlacementExplanation>([], _ => string.Empty, explanation);
        else invocation.Output.WriteList(Stores, explanation.Stores);
        if (!explanation.Placed) throw new CommandFailure(ExitCode.Conflict, explanation.Reason ?? $"The {noun} cannot be placed.", "Ask for less, for another layout, or add a unit.");
        invocation.Output.WriteSentence($"A {noun} of {ByteSize.Format(explanation.SizeBytes)} as {explanation.Layout} would be placed so.");
    }

    private static async Task ExplainAsync(Invocation invocation) =>
        await ShowAsync(invocation, await VolumeCommands.RequestAsync(invocation, "explained").ConfigureAwait(false)).ConfigureAwait(false);
}
