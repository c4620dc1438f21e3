using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>snapshot</c>.</summary>
internal static class SnapshotCommands
{
    private static readonly Argument<string> SnapshotName = new("SNAPSHOT") { Description = "VOLUME@SNAPSHOT, or the id of a snapshot." };
    private static readonly Argument<string> NewName = new("NAME") { Description = "A name that the volumes have no snapshot of." };
    private static readonly Argument<string> CloneName = new("NAME") { Description = "A name that no other volume has." };

    private static readonly Option<string[]> OfVolumes = new("--volume")
    {
        Description = "Of this volume. Given again, the snapshots of all show one moment; the volumes lie on one unit.",
        HelpName = "VOLUME",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> OnlyOf = new("--volume") { Description = "Only those of this volume.", HelpName = "VOLUME" };
    private static readonly Option<string?> ToHost = new("--host") { Description = "Map the volume to this host as well.", HelpName = "HOST" };
    private static readonly Option<bool> Wait = GlobalOptions.Wait();
    private static readonly Option<TimeSpan> Timeout = GlobalOptions.Timeout();
    private static readonly Option<bool> Yes = GlobalOptions.Yes();

    /// <summary>Snapshots.</summary>
    public static Noun<Snapshot, SnapshotPage> Snapshots { get; } = new(
        "snapshot", "snapshots", p => p.Items, p => p.NextCursor, items => new SnapshotPage(items, null), s => s.Id.ToString(), s => $"{s.VolumeName}@{s.Name}",
        [
            new("NAME", s => $"{s.VolumeName}@{s.Name}"),
            new("SIZE", s => ByteSize.Format(s.SizeBytes), Numeric: true),
            new("PROMISED", s => ByteSize.Format(s.PromisedBytes), Numeric: true),
            new("STATE", s => s.State.ToWire()),
            new("TAKEN", s => Text.Of(s.TakenAt)),
            new("GROUP", s => s.GroupId.ToString(), WideOnly: true),
            new("CREATED", s => Text.Of(s.CreatedAt), WideOnly: true),
            new("ID", s => s.Id.ToString(), WideOnly: true),
        ]);

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("snapshot", "Snapshots: volumes as they were at one moment.")
    {
        run.Command("create", """
            Take a snapshot of a volume, or of several at one moment.

            Hosts go on reading and writing. What a host still has in its caches is not in the snapshot: freeze its
            file system meanwhile (fsfreeze on Linux) where that matters.

            Examples:
              vsan snapshot create before-upgrade --volume db --wait
              vsan snapshot create nightly --volume db --volume db-log --wait
            """, CreateAsync, NewName, OfVolumes, GlobalOptions.Project, Wait, Timeout),
        run.Command("list", "List the snapshots.", ListAsync, OnlyOf, GlobalOptions.Project),
        run.Command("show", "Show one snapshot.", ShowAsync, SnapshotName, GlobalOptions.Project),
        run.Command("clone", """
            Make a new volume of a snapshot: to restore from it, or to try something on a copy. It shares blocks with the snapshot and is
            independent of it.

            Example:
              vsan snapshot clone db@before-upgrade db-restored --host db1 --wait
            """, CloneAsync, SnapshotName, CloneName, GlobalOptions.Project, ToHost, Wait, Timeout),
        run.Command("delete", "Delete a snapshot. The volume and its clones stay as they are.", DeleteAsync, SnapshotName, GlobalOptions.Project, Yes, Wait, Timeout),
    });

    private static async Task CreateAsync(Invocation invocation)
    {
        List<Guid> volumes = [];
        foreach (string name in invocation.Get(OfVolumes) ?? [])
            volumes.Add((await invocation.FindAsync(VolumeCommands.Volumes, name).ConfigureAwait(false)).Id);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        SnapshotsAccepted accepted = await invocation.Api.PostAsync<SnapshotGroupCreate, SnapshotsAccepted>(
            "snapshots" + start.Query, new SnapshotGroupCreate(invocation.Get(NewName), volumes), start.Wait, invocation.Cancellation).ConfigureAwait(false);
        IReadOnlyList<Snapshot> shown = accepted.Snapshots;
        if (await start.FinishAsync(accepted.Operation).ConfigureAwait(false))
        {
            List<Snapshot> taken = [];
            foreach (Snapshot snapshot in shown)
                taken.Add(await invocation.Api.GetAsync<Snapshot>($"snapshots/{snapshot.Id}", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));
            shown = taken;
        }

        invocation.Output.WriteList(Snapshots, shown);
    }

    private static async Task ListAsync(Invocation invocation)
    {
        if (invocation.Get(OnlyOf) is not { } name)
        {
            invocation.Output.WriteList(Snapshots, await invocation.Api.ListByNameAsync(Snapshots, invocation.Cancellation).ConfigureAwait(false));
            return;
        }

        Volume volume = await invocation.FindAsync(VolumeCommands.Volumes, name).ConfigureAwait(false);
        invocation.Output.WriteList(Snapshots, await OfVolumeAsync(invocation, volume.Id).ConfigureAwait(false));
    }

    private static async Task ShowAsync(Invocation invocation) => invocation.Output.WriteOne(Snapshots, await FindAsync(invocation).ConfigureAwait(false));

    private static async Task CloneAsync(Invocation invocation)
    {
        Snapshot snapshot = await FindAsync(invocation).ConfigureAwait(false);
        Guid? host = invocation.Get(ToHost) is { } h ? (await invocation.FindAsync(HostCommands.Hosts, h).ConfigureAwait(false)).Id : null;
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        VolumeAccepted accepted = await invocation.Api.PostAsync<SnapshotClone, VolumeAccepted>(
            $"snapshots/{snapshot.Id}:clone{start.Query}", new SnapshotClone(invocation.Get(CloneName), host), start.Wait, invocation.Cancellation).ConfigureAwait(false);
        Volume volume = accepted.Volume;
        if (await start.FinishAsync(accepted.Operation).ConfigureAwait(false))
            volume = await invocation.Api.GetAsync<Volume>($"volumes/{volume.Id}", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(VolumeCommands.Volumes, volume);
    }

    private static async Task DeleteAsync(Invocation invocation)
    {
        Snapshot snapshot = await FindAsync(invocation).ConfigureAwait(false);
        string name = $"{snapshot.VolumeName}@{snapshot.Name}";
        if (!invocation.Get(Yes)) invocation.Confirm("snapshot", name);
        OperationStart start = OperationStart.Of(invocation, Wait, Timeout);
        Operation operation = await invocation.Api
            .DeleteAsync<Operation>($"snapshots/{snapshot.Id}{start.Query}", start.Wait, invocation.Cancellation).ConfigureAwait(false);
        bool ended = await start.FinishAsync(operation).ConfigureAwait(false);
        invocation.Output.WriteSentence($"Snapshot {name} {(ended ? "is" : "is being")} deleted.");
    }

    private static async Task<Snapshot> FindAsync(Invocation invocation)
    {
        string text = invocation.Get(SnapshotName);
        if (Guid.TryParse(text, out Guid id)) return await invocation.Api.GetAsync<Snapshot>($"snapshots/{id}", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) throw new CommandFailure(ExitCode.Usage, $"'{text}' is neither VOLUME@SNAPSHOT nor an id.", "'vsan snapshot list' shows them all.");
        Volume volume = await invocation.FindAsync(VolumeCommands.Volumes, text[..at]).ConfigureAwait(false);
        IReadOnlyList<Snapshot> all = await OfVolumeAsync(invocation, volume.Id).ConfigureAwait(false);
        return all.FirstOrDefault(snapshot => snapshot.Name == text[(at + 1)..])
            ?? throw new CommandFailure(ExitCode.NotFound, $"There is no snapshot named '{text}'.", $"'vsan snapshot list --volume {volume.Name}' shows them all.");
    }

    private static async Task<IReadOnlyList<Snapshot>> OfVolumeAsync(Invocation invocation, Guid volumeId) =>
        (await invocation.Api.GetAsync<SnapshotPage>($"volumes/{volumeId}/snapshots", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false)).Items;
}
