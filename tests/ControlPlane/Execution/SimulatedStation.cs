using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using Xunit;
using Api = VSan.Contracts.Api;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A station whose units live in memory: they keep what they are handed, refuse older generations, and can be cut off.</summary>
internal sealed class SimulatedStation : IUnitLinks, ICertificateAuthority, ISecretProtector, IStationLog
{
    public static readonly Caller Admin = Caller.Of("admin", Role.Admin);

    private readonly Dictionary<Guid, UnitConfiguration?> _served;
    private readonly Dictionary<Guid, IReadOnlyDictionary<Guid, SignedLegRecord>> _records;
    private readonly Dictionary<Guid, List<FoundLeg>> _stranded;
    private readonly Dictionary<Guid, long> _epochs = [];
    private readonly HashSet<Guid> _cut = [];
    private readonly Dictionary<Guid, string> _versions;
    private readonly Dictionary<Guid, IReadOnlyDictionary<string, string>> _secrets = [];

    /// <summary>Agents of hosts; they run as long as their station is used.</summary>
    public List<SimulatedAgent> Agents { get; } = [];

    /// <summary>Warnings so far, oldest first.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>What an enquiry ends with instead of an inventory.</summary>
    public Exception? Nonsense { get; set; }

    /// <summary>What becomes of an inventory on its way to the station.</summary>
    public Func<UnitInventory, UnitInventory> Distort { get; set; } = inventory => inventory;

    /// <param name="store">The station's memory.</param>
    /// <param name="time">The clock; null for the system's: then units that are connected are heard of each second, as real ones are.</param>
    /// <param name="before">The station that died: its units live on.</param>
    /// <param name="around">What each kind of step is put into; null for nothing.</param>
    public SimulatedStation(IStationStore store, TimeProvider? time = null, SimulatedStation? before = null, Func<StepKind, StepKind>? around = null)
    {
        _served = before?._served ?? [];
        _records = before?._records ?? [];
        _stranded = before?._stranded ?? [];
        _versions = before?._versions ?? [];
        Services = StationServices.Create(store, this, this, this, time ?? TimeProvider.System, this, around ?? (step => step));
        if (time is null) _ = BeatAsync(new WeakReference<SimulatedStation>(this));
    }

    public StationServices Services { get; }

    public string? Refusal { get; set; }

    /// <summary>Parts that a unit serves a generation without, with the reason.</summary>
    public Dictionary<Guid, string> Troubles { get; } = [];

    /// <summary>How many answers to pushes are lost on their way; what they answered is done.</summary>
    public int LostAnswers { get; set; }

    /// <summary>What a snapshot is said to refer to.</summary>
    public const long SnapshotBytes = 5L << 20;

    /// <summary>When a snapshot is said to have been taken.</summary>
    public static readonly DateTimeOffset SnapshotTime = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    public CaFingerprint Fingerprint { get; } = CaFingerprint.TryParse($"sha256:{new string('a', 64)}", out CaFingerprint? parsed) ? parsed : throw new InvalidOperationException();

    /// <summary>The one disk of every unit.</summary>
    public static DiskInventory BlankDisk { get; } = new("wwn-1", "/dev/sda", "model", "sn", "1", 1L << 40, DiskMedia.Nvme, "live", DiskState.Blank, null, null);

    /// <summary>How every unit describes itself for files; tests of one that cannot set another.</summary>
    public ServiceOffer FileOffer { get; set; } = new("storage.file", "rclone v1", Reason: null, "127.0.0.1", FirstPort: 4000, PortCount: 2);

    public static StartupPacket Packet(string name, ECDsa key, Guid? id = null)
    {
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        return new StartupPacket(MemberKind.Unit, id ?? Guid.NewGuid(), name, "sn", Guid.NewGuid(), "1", ["127.0.0.1"], [], Convert.ToBase64String(request.CreateSigningRequest()), null);
    }

    public StartupPacket Prove(StartupPacket packet, string secret)
    {
        Assert.True(EnrolmentToken.TryParse(secret, out EnrolmentToken? token));
        return packet with { Proof = new TokenProof(token.Id, EnrolmentTranscript.Mac(token.ProofKey(), packet, Fingerprint)) };
    }

    public UnitConfiguration? Served(Guid unitId)
    {
        lock (_served) return _served.GetValueOrDefault(unitId);
    }

    /// <summary>The secrets that the unit was handed last.</summary>
    public IReadOnlyDictionary<string, string> Secrets(Guid unitId)
    {
        lock (_served) return _secrets[unitId];
    }

    /// <summary>The lock epoch that the unit was handed last.</summary>
    public long LockEpoch(Guid unitId)
    {
        lock (_served) return _epochs[unitId];
    }

    /// <summary>The unit was handed this by a later station, whose memory is lost.</summary>
    public void Hold(UnitConfiguration configuration)
    {
        lock (_served) _served[configuration.UnitId] = configuration;
    }

    /// <summary>A new unit comes into the pool; it is ready when the task ends.</summary>
    public async Task<Guid> JoinAsync(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Api.TokenCreated token = await Services.Tokens.CreateAsync(Admin, new Api.TokenCreate(null, null, null), null, default);
        StartupPacket packet = Prove(Packet(name, key), token.Secret);
        await Services.Enrolment.AdmitAsync(packet, "peer", default);
        Connect(packet.MemberId);
        await StationTests.UntilAsync(async () => (await Services.Units.GetAsync(Admin, packet.MemberId, default)).State == Api.UnitState.Ready);
        return packet.MemberId;
    }

    public void Connect(Guid unitId)
    {
        lock (_served)
        {
            _served.TryAdd(unitId, null);
            _stranded.TryAdd(unitId, []);
            _cut.Remove(unitId);
        }

        Services.Presence.OnConnected(unitId);
    }

    /// <summary>The unit says that it serves what it was handed.</summary>
    public void Report(Guid unitId)
    {
        long generation = Served(unitId)?.Generation ?? 0;
        Services.Presence.OnReport(new UnitReport(unitId, unitId, 1, new ConfigurationStatus(generation, generation, []), true, 0, []));
    }

    public void Cut(Guid unitId)
    {
        lock (_served) _cut.Add(unitId);
        Services.Presence.OnDisconnected(unitId);
    }

    public void End(Guid unitId) => Cut(unitId);

    public bool IsConnected(Guid unitId)
    {
        lock (_served) return _served.ContainsKey(unitId) && !_cut.Contains(unitId);
    }

    public Task<UnitInventory> EnquireAsync(Guid unitId, CancellationToken cancellationToken)
    {
        if (Nonsense is { } nonsense) return Task.FromException<UnitInventory>(nonsense);
        FoundLeg[] legs = Found(unitId);
        StoreInventory store = new(StoreOf(unitId), "store", 1L << 40, 1L << 40, true, [.. legs.Select(leg => leg.LegId)]);
        UnitInventory inventory = new(unitId, ["127.0.0.1:3260"], [store], default, [BlankDisk]) { Image = new ImageInventory(VersionOf(unitId), OnTrial: false, NotUpdatable: null), IdleLegs = [.. legs.Where(leg => leg.Use == LegUse.Idle).Select(leg => leg.LegId)], Services = [FileOffer] };
        return Task.FromResult(Distort(inventory));
    }

    public Task<FoundLegPage> LegsAsync(Guid unitId, Guid after, bool unservedOnly, CancellationToken cancellationToken) => Task.FromResult(new FoundLegPage(
        [.. Found(unitId).Where(leg => leg.LegId.CompareTo(after) > 0 && (!unservedOnly || leg.Use is LegUse.Kept or LegUse.Idle)).OrderBy(leg => leg.LegId)], More: false, Served(unitId)?.Generation ?? 0));

    /// <summary>The one store of a unit.</summary>
    public static Guid StoreOf(Guid unitId) => new([.. unitId.ToByteArray().Reverse()]);

    /// <summary>Puts a file on a unit's store of which its document says nothing.</summary>
    public void Strand(Guid unitId, FoundLeg leg)
    {
        lock (_served) _stranded[unitId].Add(leg);
    }

    /// <summary>Legs that lie on a unit, as its agent would find them.</summary>
    public FoundLeg[] Found(Guid unitId)
    {
        lock (_served)
        {
            UnitConfiguration? served = _served.GetValueOrDefault(unitId);
            IReadOnlyDictionary<Guid, SignedLegRecord> records = _records.GetValueOrDefault(unitId) ?? new Dictionary<Guid, SignedLegRecord>();
            FoundLeg Leg(Guid legId, LegUse use, long bytes) => new(StoreOf(unitId), legId, use, bytes, SnapshotBytes, IsOurs: true, records.GetValueOrDefault(legId));
            HashSet<Guid> named = [.. served?.Legs.Select(leg => leg.LegId) ?? [], .. served?.KeptLegs?.Select(leg => leg.LegId) ?? []];
            return
            [
                .. served?.Legs.Select(leg => Leg(leg.LegId, LegUse.Wanted, leg.SizeBytes)) ?? [],
                .. served?.Snapshots.Select(snapshot => Leg(snapshot.Leg.LegId, LegUse.Wanted, snapshot.Leg.SizeBytes)) ?? [],
                .. served?.KeptLegs?.Select(kept => _stranded.GetValueOrDefault(unitId)?.Find(leg => leg.LegId == kept.LegId) is { } stranded ? stranded with { Use = LegUse.Kept } : Leg(kept.LegId, LegUse.Kept, 0)) ?? [],
                .. _stranded.GetValueOrDefault(unitId)?.Where(leg => !named.Contains(leg.LegId)) ?? [],
            ];
        }
    }

    public Task<ConfigurationStatus> PushAsync(Guid unitId, ConfigurationPush push, CancellationToken cancellationToken)
    {
        lock (_served)
        {
            if (_cut.Contains(unitId)) throw new IOException("The unit is cut off.");
            long has = _served[unitId]?.Generation ?? 0;
            if (push.Configuration.Generation < has) throw new GenerationRefusedException($"{push.Configuration.Generation} is older than {has}.");
            if (Refusal is { } refusal && push.Configuration.Legs.Count > 0)
                return Task.FromResult(new ConfigurationStatus(push.Configuration.Generation, has, [new UnitCondition("store-full", refusal)]));
            foreach (KeptLeg kept in _served[unitId]?.KeptLegs ?? [])
                if (push.Configuration.KeptLegs?.Contains(kept) != true && push.Configuration.Legs.All(leg => leg.LegId != kept.LegId)) _stranded.GetValueOrDefault(unitId)?.RemoveAll(leg => leg.LegId == kept.LegId);
            _served[unitId] = push.Configuration;
            _records[unitId] = push.Records ?? new Dictionary<Guid, SignedLegRecord>();
            _epochs[unitId] = push.LockEpoch;
            _secrets[unitId] = push.Secrets;
            if (push.Configuration.Copies is not null || push.Configuration.Image is not null) ReportCopies(unitId);
            if (LostAnswers-- > 0) throw new IOException("The answer was lost.");
            return Task.FromResult(Answer(push.Configuration));
        }
    }

    /// <summary>What becomes of the copies that a unit makes of others' legs; at first they are done at once.</summary>
    public Func<LegCopyFact, LegCopyFact> Copying { get; set; } = fact => fact;

    /// <summary>The unit says how far its copies are.</summary>
    public void ReportCopies(Guid unitId) =>
        Services.Presence.OnReport(new UnitReport(unitId, unitId, 1, new ConfigurationStatus(0, 0, []), true, 0, []) { Copies = Copies(unitId), Image = Image(unitId) });

    /// <summary>The version that a simulated unit begins with.</summary>
    public const string FirstVersion = "0.1.0";

    /// <summary>What becomes of an image that a unit is to be started with; at first it is there at once, and runs as soon as it may.</summary>
    public Func<ImageFact, ImageFact> Updating { get; set; } = fact => fact;

    /// <summary>The version that a unit runs.</summary>
    public string VersionOf(Guid unitId)
    {
        lock (_served) return _versions.GetValueOrDefault(unitId, FirstVersion);
    }

    private ImageFact? Image(Guid unitId)
    {
        if (Served(unitId)?.Image is not { } wanted) return null;
        lock (_served)
        {
            ImageFact fact = Updating(new ImageFact(wanted.Version, VersionOf(unitId), wanted.Restart ? ImagePhase.Running : ImagePhase.Staged, wanted.SizeBytes, Trouble: null));
            if (fact.Phase == ImagePhase.Running) _versions[unitId] = wanted.Version;
            return fact;
        }
    }

    private LegCopyFact[]? Copies(Guid unitId) =>
        Served(unitId)?.Copies?.Select(copy => Copying(new LegCopyFact(copy.Leg.LegId, LegCopyPhase.Done, copy.Leg.SizeBytes, copy.Leg.SizeBytes) { Digest = "d" })).ToArray();

    private ConfigurationStatus Answer(UnitConfiguration served)
    {
        lock (Troubles)
        {
            UnitCondition[] conditions = [.. Troubles.Select(trouble => new UnitCondition("snapshot-failed", trouble.Value) { LegId = trouble.Key })];
            return new ConfigurationStatus(served.Generation, served.Generation, conditions)
            {
                Snapshots = [.. served.Snapshots.Where(snapshot => !Troubles.ContainsKey(snapshot.SourceLegId)).Select(snapshot => new SnapshotFact(snapshot.Leg.LegId, SnapshotTime, SnapshotBytes))],
                Shares = [.. served.Shares.Where(share => !Troubles.ContainsKey(share.ShareId)).Select(share => new ShareFact(share.ShareId, $"certificate of {share.Name}"))],
            };
        }
    }

    public string Issue(Guid memberId, MemberKind kind, string certificateRequestBase64) => $"certificate of {memberId}";

    public byte[] Sign(ReadOnlySpan<byte> content) => SHA256.HashData([.. content, SigningKey]);

    public bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) => Sign(content).AsSpan().SequenceEqual(signature);

    /// <summary>Stands for the authority's key: what another one has signed is not believed.</summary>
    public byte SigningKey { get; set; } = 1;

    public byte[] Protect(ReadOnlySpan<byte> secret) => [.. secret.ToArray().Select(value => (byte)(value ^ 0x55))];

    public byte[] Unprotect(ReadOnlySpan<byte> protectedSecret) => Protect(protectedSecret);

    private static async Task BeatAsync(WeakReference<SimulatedStation> whose)
    {
        using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
        while (await second.WaitForNextTickAsync())
        {
            if (!whose.TryGetTarget(out SimulatedStation? station)) return;
            station.Beat();
        }
    }

    // Older than any push: it says that the unit is there and nothing of what it serves.
    private void Beat()
    {
        Guid[] connected;
        lock (_served) connected = [.. _served.Keys.Except(_cut)];
        foreach (Guid unitId in connected) ReportCopies(unitId);
    }

    public void Information(string message)
    {
    }

    public void Warning(string message, Exception? exception = null)
    {
        lock (Warnings) Warnings.Add(message);
    }
}
