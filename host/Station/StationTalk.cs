using System.Security.Cryptography;
using System.Text.Json;
using VSan.Contracts.Api;
using VSan.HostAgent.Execution;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Station;

/// <summary>What the agent and the station have to say to each other while it runs. The station may be dead: what it said last holds.</summary>
/// <param name="membership">Who this host is.</param>
/// <param name="state">What is remembered.</param>
/// <param name="time">The clock.</param>
internal sealed class StationTalk(HostMembership membership, HostState state, TimeProvider time)
{
    // A certificate is good for 30 days and is renewed at two thirds.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(10);

    private Guid? _self;
    private string? _told;

    /// <summary>False: this host has not joined; there is nobody to talk to.</summary>
    public bool HasJoined => membership.Read() is not null;

    /// <summary>A connection by the host's certificate.</summary>
    public HostStation Connect() => new(membership.Connect(dryRun: false));

    /// <summary>Takes what has changed, by nobody's lock: portals, numbers, sizes, secrets. connect-info is read only then, as the station notes each reading.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!HasJoined) return;
        await RenewAsync(cancellation).ConfigureAwait(false);
        using HostStation station = Connect();
        _self ??= (await station.SelfAsync(cancellation).ConfigureAwait(false)).Id;
        string secrets = SecretStand.Of(await station.SecretsAsync(_self.Value, cancellation).ConfigureAwait(false));
        foreach (VolumeRecord record in state.All())
        {
            Mapping mapping = await station.MappingAsync(record.MappingId, cancellation).ConfigureAwait(false);
            Volume volume = await station.VolumeAsync(record.VolumeId, cancellation).ConfigureAwait(false);
            if (record.Secrets == secrets && IsSame(record.Connect, mapping, volume)) continue;
            await KeepAsync(record.VolumeId, await station.ConnectInfoAsync(record.MappingId, cancellation).ConfigureAwait(false), secrets, cancellation).ConfigureAwait(false);
        }
    }

    // The lock is taken for the writing alone: whoever waits for a silent station holds nobody up.
    private async Task KeepAsync(Guid volumeId, ConnectInfo connect, string secrets, CancellationToken cancellation)
    {
        using (await state.LockAsync(cancellation).ConfigureAwait(false))
        {
            if (state.All().FirstOrDefault(record => record.VolumeId == volumeId) is { } known) state.Keep(known.Told(connect) with { Secrets = secrets });
        }
    }

    /// <summary>Tells what was found, when it is not what was told last.</summary>
    public async Task ReportAsync(IReadOnlyList<PassOutcome> outcomes, CancellationToken cancellation)
    {
        HostReport report = new([.. outcomes.Select(outcome => VolumeReport.Of(outcome.Record, outcome.Found, outcome.Plan))]);
        string text = JsonSerializer.Serialize(report, ApiJson.Default.HostReport);
        if (!HasJoined || text == _told) return;
        using HostStation station = Connect();
        _self ??= (await station.SelfAsync(cancellation).ConfigureAwait(false)).Id;
        await station.ReportAsync(_self.Value, report, cancellation).ConfigureAwait(false);
        _told = text;
    }

    /// <summary>Asks for more where a filesystem is fuller than it may be, unless what was asked for last is still on its way.</summary>
    public async Task GrowAsync(IReadOnlyList<PassOutcome> outcomes, CancellationToken cancellation)
    {
        foreach (PassOutcome outcome in outcomes.Where(IsFull))
        {
            using HostStation station = Connect();
            await station.ExpandAsync(outcome.Record.VolumeId, outcome.Record.Connect.Assembly.SizeBytes + outcome.Record.GrowByBytes, cancellation).ConfigureAwait(false);
        }
    }

    private static bool IsFull(PassOutcome outcome) =>
        outcome is { Record: { GrowAtPercent: { } percent, GrowByBytes: > 0 } record, Found.Mount: { } mount, Plan.IsDone: true }
        && record.FileSystemBytes >= record.Connect.Assembly.SizeBytes
        && (mount.SizeBytes - mount.FreeBytes) * 100 >= mount.SizeBytes * percent;

    private async Task RenewAsync(CancellationToken cancellation)
    {
        try
        {
            if (membership.CertificateEnds is { } ends && ends - time.GetUtcNow().UtcDateTime < RenewBefore) await HostJoin.RenewAsync(membership, cancellation).ConfigureAwait(false);
        }
        catch (CryptographicException damage)
        {
            throw new CommandFailure(ExitCode.Error, $"The host's certificate is damaged: {damage.Message}", "Have it revoked, and join anew in an empty directory.");
        }
    }

    private static bool IsSame(ConnectInfo known, Mapping mapping, Volume volume) =>
        known.Assembly.SizeBytes == volume.SizeBytes && known.Legs.Count == mapping.Legs.Count && known.ReadOnly == mapping.ReadOnly
        && known.Legs.Zip(mapping.Legs).All(pair => IsSame(pair.First, pair.Second))
        && (known.Incoming, mapping.Incoming) switch
        {
            (null, null) => true,
            ({ } before, { } now) => IsSame(before, now),
            _ => false,
        };

    // The serial number is the leg's identity (docs/formats.md).
    private static bool IsSame(ConnectLeg known, MappedLeg mapped) =>
        known.SerialNumber == mapped.LegId.ToString("N") && known.TargetName == mapped.TargetName && known.Lun == mapped.Lun && known.Portals.SequenceEqual(mapped.Portals);
}
