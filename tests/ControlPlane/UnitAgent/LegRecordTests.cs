using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.State;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>What the station says of a leg is kept beside its bytes; what a unit has no document for it tells and leaves alone.</summary>
public sealed class LegRecordTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Guid _unitId = Guid.NewGuid();
    private readonly ControlSocketServer _server;
    private readonly UnitUnderTest _unit;

    public LegRecordTests()
    {
        _server = new ControlSocketServer(UnitUnderTest.SocketPath(_root.Path));
        _unit = new UnitUnderTest(_root.Path, _unitId);
    }

    public async ValueTask DisposeAsync()
    {
        _unit.Dispose();
        await _server.DisposeAsync();
        _root.Dispose();
    }

    [Fact]
    public async Task Push_WithARecord_IsBesideTheLegAndReplacedByALaterOne()
    {
        LegSpec leg = Documents.Leg(Guid.CreateVersion7(), _unit.Store.Id);
        await PushAsync(1, leg, "first");
        Assert.Equal("first", Read(leg.LegId).Record!.Text);
        await PushAsync(2, leg, "second");
        Assert.Equal((LegState.Created, "second"), (Read(leg.LegId).State, Read(leg.LegId).Record!.Text));
        FoundLeg found = Assert.Single(_unit.Legs.Page(Guid.Empty, unservedOnly: false).Items);
        Assert.Equal((leg.LegId, LegUse.Wanted, true, "second"), (found.LegId, found.Use, found.IsOurs, found.Record!.Text));
        Assert.Empty(_unit.Legs.Page(Guid.Empty, unservedOnly: true).Items);
        Assert.Empty(_unit.Legs.Page(leg.LegId, unservedOnly: false).Items);
    }

    /// <summary>The agent died between accepting and making: what goes beside the leg is part of what it accepted.</summary>
    [Fact]
    public void Accepted_RecordsAndEpoch_AreThereAfterARestart()
    {
        LegSpec leg = Documents.Leg(Guid.CreateVersion7(), _unit.Store.Id);
        string directory = Directory.CreateDirectory(Path.Combine(_root.Path, "elsewhere")).FullName;
        new ConfigurationStore(LocalFiles.Instance, directory).Accept(Push(1, leg, "kept", epoch: 7));
        AcceptedConfiguration again = new ConfigurationStore(LocalFiles.Instance, directory).Present!;
        Assert.Equal(("kept", 7), (again.Records![leg.LegId].Text, again.LockEpoch));
    }

    [Fact]
    public async Task File_OfWhichTheDocumentSaysNothing_IsIdleAndStays()
    {
        LegSpec leg = Documents.Leg(Guid.CreateVersion7(), _unit.Store.Id), lost = Documents.Leg(Guid.CreateVersion7(), _unit.Store.Id);
        await File.WriteAllBytesAsync(_unit.Store.ImagePath(lost.LegId), new byte[4096]);
        DurableFile.Write(_unit.Store.DescriptionPath(lost.LegId), new LegDescription(LegState.Created, _unitId, lost) { Record = Record("lost") }, StateJson.Default.LegDescription);
        await PushAsync(1, leg, "v");
        await PushAsync(2, null, string.Empty);
        Assert.Equal([lost.LegId], _unit.Legs.Idle());
        FoundLeg found = Assert.Single(_unit.Legs.Page(Guid.Empty, unservedOnly: true).Items);
        Assert.Equal((LegUse.Idle, true, 4096, "lost"), (found.Use, found.IsOurs, found.LengthBytes, found.Record!.Text));
        Assert.False(File.Exists(_unit.Store.ImagePath(leg.LegId)));
    }

    [Fact]
    public async Task Push_OfAnOlderLockEpoch_IsRefusedHoweverNewItIs()
    {
        LegSpec leg = Documents.Leg(Guid.CreateVersion7(), _unit.Store.Id);
        await _unit.Reconciler.PushAsync(Push(1, leg, "v", epoch: 5), default);
        Assert.IsType<Verdict.Stale>((await _unit.Reconciler.PushAsync(Push(2, leg, "v", epoch: 4), default)).Verdict);
        Assert.Equal(1, _unit.Reconciler.State.Value.Status.Generation);

        // Control: the same document of the present epoch is taken.
        Assert.IsType<Verdict.Newer>((await _unit.Reconciler.PushAsync(Push(2, leg, "v", epoch: 5), default)).Verdict);
    }

    [Fact]
    public async Task Push_OfTheSameGenerationUnderALaterEpoch_RaisesWhatTheUnitHasHeardOf()
    {
        LegSpec leg = Documents.Leg(Guid.CreateVersion7(), _unit.Store.Id);
        await _unit.Reconciler.PushAsync(Push(1, leg, "v", epoch: 5), default);
        Assert.IsType<Verdict.Known>((await _unit.Reconciler.PushAsync(Push(1, leg, "v", epoch: 6), default)).Verdict);
        Assert.Equal(6, _unit.Legs.LockEpoch);
        Assert.IsType<Verdict.Stale>((await _unit.Reconciler.PushAsync(Push(2, leg, "v", epoch: 5), default)).Verdict);
    }

    private async Task PushAsync(long generation, LegSpec? leg, string record)
    {
        (Verdict verdict, ConfigurationStatus status) = await _unit.Reconciler.PushAsync(Push(generation, leg, record), default);
        Assert.IsType<Verdict.Newer>(verdict);
        Assert.Equal(generation, status.AppliedGeneration);
    }

    private ConfigurationPush Push(long generation, LegSpec? leg, string record, long epoch = 0) => Documents.Push(_unitId, generation, leg is null ? [] : [leg]) with
    {
        Records = leg is null ? null : new Dictionary<Guid, SignedLegRecord> { [leg.LegId] = Record(record) },
        LockEpoch = epoch,
    };

    private LegDescription Read(Guid legId) => DurableFile.Read(_unit.Store.DescriptionPath(legId), StateJson.Default.LegDescription)!;

    private static SignedLegRecord Record(string text) => new(text, "c2ln", "sha256:x");
}
