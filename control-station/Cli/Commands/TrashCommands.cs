using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>trash</c>.</summary>
internal static class TrashCommands
{
    private static readonly Argument<string> Name = new("VOLUME") { Description = "Name or id of a volume in the trash; of two of one project with one name, the one deleted last." };
    private static readonly Option<bool> Yes = GlobalOptions.Yes();

    private static readonly Noun<Volume, VolumePage> Trash = new(
        "volume in the trash", "trash", p => p.Items, p => p.NextCursor, items => new VolumePage(items, null), v => v.Id.ToString(), v => v.Name,
        [
            new("NAME", v => v.Name),
            new("SIZE", v => ByteSize.Format(v.SizeBytes), Numeric: true),
            new("LAYOUT", v => v.Layout),
            new("PROJECT", v => v.ProjectName),
            new("GONE AT", v => v.PurgeAt is { } at ? Text.Of(at) : "-"),
            new("ID", v => v.Id.ToString(), WideOnly: true),
        ])
    {
        ProjectOf = v => v.ProjectName,
        ListCommand = "vsan trash list",
    };

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("trash", "Deleted volumes that can still be had back.")
    {
        run.Command("list", "List what is in the trash. It keeps its space until it is gone.", ListAsync),
        run.Command("restore", """
            Take a volume out of the trash, with its data.

            Example:
              vsan trash restore scratch
            """, RestoreAsync, Name, GlobalOptions.Project),
        run.Command("empty", "Destroy everything in the trash now.", EmptyAsync, Yes),
    });

    private static async Task ListAsync(Invocation invocation) => invocation.Output.WriteList(Trash, await AllAsync(invocation).ConfigureAwait(false));

    private static async Task RestoreAsync(Invocation invocation)
    {
        string asked = invocation.Get(Name);
        IEnumerable<Volume> named = (await AllAsync(invocation).ConfigureAwait(false)).Where(v => v.Name == asked || v.Id.ToString() == asked);
        Volume volume = Trash.Only([.. named.GroupBy(v => v.ProjectName).Select(project => project.Last())], asked, invocation.Get(GlobalOptions.Project));
        Volume restored = await invocation.Api.PostAsync<Volume>($"volumes/{volume.Id}:restore", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(VolumeCommands.Volumes, restored);
    }

    private static async Task EmptyAsync(Invocation invocation)
    {
        if (!invocation.Get(Yes)) invocation.Confirm("everything in the", "trash");
        OperationPage started = await invocation.Api.PostAsync<OperationPage>("trash:empty", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"{started.Items.Count} volumes are being destroyed.");
    }

    private static async Task<IReadOnlyList<Volume>> AllAsync(Invocation invocation) =>
        [.. (await invocation.Api.GetAsync<VolumePage>("trash", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false)).Items.OrderBy(v => v.PurgeAt)];
}
