using System.Buffers.Binary;
using System.Text;
using VSan.Scsi;
using VSan.Scsi.Reservations;
using Xunit;

namespace VSan.Tests.Unit.Scsi.Reservations;

[Trait("clause", "SPC-4, PERSISTENT RESERVE")]
public sealed class PersistentReserveTests
{
    private const int Register = 0, Reserve = 1, Release = 2, Clear = 3, PreemptAndAbort = 5, Ignore = 6, Move = 7;
    private const int Conflict = 0x18;

    private readonly ReservationBench _bench = new();

    [Fact]
    public void ReadFullStatus_HolderAndAnother_IsByteForByteTheStandards()
    {
        Assert.Equal(0, _bench.Out(0, Ignore, 0, 0, 0x1122334455667788));
        Assert.Equal(0, _bench.Out(1, Ignore, 0, 0, 2, flags: 0x04));
        Assert.Equal(0, _bench.Out(0, Reserve, 5, 0x1122334455667788, 0));
        string expected = "00000002" + "00000098"
            + "1122334455667788" + "00000000" + "01" + "05" + "00000000" + "0001" + "00000034" + TransportIdOf(0)
            + "0000000000000002" + "00000000" + "02" + "00" + "00000000" + "0000" + "00000034" + TransportIdOf(1);
        Assert.Equal(expected, Convert.ToHexString(_bench.In(2, 3)));
    }

    [Fact]
    public void ReportCapabilities_WithAndWithoutAStore_SaysWhetherItPersists()
    {
        Assert.Equal("00080C80EA010000", Convert.ToHexString(_bench.In(0, 2)));
        var kept = new ReservationBench(1, new ReservationTable(new HeldStore()));
        Assert.Equal("00080D80EA010000", Convert.ToHexString(kept.In(0, 2)));
    }

    [Fact]
    public void ServiceAction_Unknown_IsAWrongField()
    {
        Assert.Equal(0x052400, ReservationBench.Outcome(_bench.Nexus[0].Run("5E 04 00 00 00 00 00 00FF 00")));
        Assert.Equal(0x052400, _bench.Out(0, 8, 0, 0, 1));
    }

    [Theory]
    [InlineData(Reserve, 0x02)]
    [InlineData(Reserve, 0x00)]
    [InlineData(Reserve, 0x11)]
    [InlineData(Release, 0x09)]
    public void ScopeOrType_Unknown_IsAWrongField(int action, int type)
    {
        _bench.Out(0, Ignore, 0, 0, 1);
        Assert.Equal(0x052400, _bench.Out(0, action, type, 1, 0));
    }

    // sg_persist --prout-type sends the type with each action.
    [Theory]
    [InlineData(Register, 0x05, 0)]
    [InlineData(Register, 0xFF, 0)]
    [InlineData(Ignore, 0x15, 0)]
    [InlineData(Clear, 0x25, 1)]
    public void ScopeAndType_OfAnActionWithoutReservation_AreIgnored(int action, int type, ulong key)
    {
        if (key != 0) _bench.Out(0, Ignore, 0, 0, key);
        Assert.Equal(0, _bench.Out(0, action, type, key, 1));
    }

    [Fact]
    public void ReservedByteBehindAnIgnoredOne_IsAWrongField() =>
        Assert.Equal(0x052400, ReservationBench.Outcome(_bench.Nexus[0].Run("5F 00 05 01 00 00000018 00", ReservationBench.Parameters(0, 1))));

    [Fact]
    public void ParameterList_OfAnotherLength_IsRefused()
    {
        Assert.Equal(0x051A00, _bench.Out(0, Register, 0, new byte[23]));
        Assert.Equal(0x051A00, _bench.Out(0, Register, 0, new byte[28]));
    }

    [Fact]
    public void Registrations_OnePastTheBound_AreRefusedAndChangeNothing()
    {
        byte[] names = [.. Enumerable.Range(0, ReservationState.RegistrationsMax - 1).SelectMany(i => Id($"iqn.2026-11.org.example:n{i:D3}", 1))];
        Assert.Equal(0, _bench.Out(0, Register, 0, WithNames(names)));
        Assert.Equal(8 + (8 * ReservationState.RegistrationsMax), _bench.In(0, 0).Length);
        Assert.Equal(0x055504, _bench.Out(1, Register, 0, 0, 7));
        Assert.Equal(Conflict, _bench.Out(1, Reserve, 1, 7, 0));
        Assert.Equal(0, _bench.Out(0, Register, 0, 5, 6));
    }

    [Theory]
    [InlineData("05")] // format 00b: a node, not a port
    [InlineData("46")] // another protocol
    public void SpecifiedInitiatorPorts_OneThatIsNoNexus_RefusesAll(string first)
    {
        byte[] id = Id("iqn.2026-11.org.example:other", 1);
        id[0] = Convert.FromHexString(first)[0];
        Assert.Equal(0x052600, _bench.Out(0, Register, 0, WithNames([.. Id("iqn.2026-11.org.example:good", 1), .. id])));
        Assert.Equal(8, _bench.In(0, 0).Length);
    }

    [Fact]
    public void SpecifiedInitiatorPorts_AreRegisteredWithTheKeyAndMayWrite()
    {
        Assert.Equal(0, _bench.Out(0, Register, 0, WithNames(Id($"{CommandRunner.Initiator}1", 0))));
        Assert.Equal(0, _bench.Out(0, Reserve, 6, 5, 0));
        Assert.Equal((0, Conflict), (_bench.Run(1, ReservationBench.Write), _bench.Run(2, ReservationBench.Write)));
        Assert.Equal(0x052600, _bench.Out(0, Register, 0, WithNames(Id($"{CommandRunner.Initiator}2", 0), key: 5)));
    }

    [Fact]
    public void RegisterAndMove_ToAnother_MovesTheReservation()
    {
        _bench.Out(0, Ignore, 0, 0, 5);
        Assert.Equal(Conflict, _bench.Out(0, Move, 0, MoveTo(1, actionKey: 9)));
        _bench.Out(0, Reserve, 3, 5, 0);
        Assert.Equal(0x052600, _bench.Out(0, Move, 0, MoveTo(0, actionKey: 9)));
        Assert.Equal(0x052600, _bench.Out(0, Move, 0, MoveTo(1, actionKey: 0)));
        Assert.Equal(0x052600, _bench.Out(0, Move, 0, MoveTo(1, actionKey: 9, port: 2)));
        Assert.Equal(0, _bench.Out(0, Move, 0, MoveTo(1, actionKey: 9, flags: 0x02)));
        Assert.Equal((Conflict, 0), (_bench.Run(0, ReservationBench.Read), _bench.Run(1, ReservationBench.Read)));
        Assert.Equal("0000000000000009", Convert.ToHexString(_bench.In(2, 0)[8..]));
        Assert.Equal(0, _bench.Out(1, Release, 3, 9, 0));
    }

    [Fact]
    public void Conflict_ComesBeforeAttentionAndBeforeWrongFields()
    {
        _bench.Out(1, Ignore, 0, 0, 5);
        _bench.Out(0, Ignore, 0, 0, 6);
        Assert.Equal(0, _bench.Out(0, PreemptAndAbort, 1, 6, 5));
        _bench.Out(0, Reserve, 3, 6, 0);
        Assert.Equal(Conflict, _bench.Run(1, ReservationBench.Write));
        Assert.Equal(Conflict, _bench.Run(1, "28 E0 FFFFFFFF 00 0001 00"));
        Assert.Equal(0x062A05, _bench.Run(1, ReservationBench.Ready));
    }

    [Theory]
    [InlineData("12 00 00 00 60 00", 0)]
    [InlineData("00 00 00 00 00 00", 0)]
    [InlineData("25 00 00000000 000000 00", 0)]
    [InlineData("A3 0A 00 00 0000 00000100 00 00", 0)]
    [InlineData("1E 00 00 00 00 00", 0)]
    [InlineData("1E 00 00 00 01 00", Conflict)]
    [InlineData("1B 00 00 00 01 00", 0)]
    [InlineData("1B 00 00 00 00 00", Conflict)]
    [InlineData("1A 00 3F 00 FF 00", Conflict)]
    [InlineData("35 00 00000000 00 0000 00", Conflict)]
    [InlineData("9E 12 0000000000000000 00000018 00 00", Conflict)]
    public void ExclusiveAccess_OfAnother_StopsWhatTheTableSays(string cdb, int outcome)
    {
        _bench.Out(0, Ignore, 0, 0, 5);
        _bench.Out(0, Reserve, 3, 5, 0);
        Assert.Equal(outcome, _bench.Run(1, cdb));
    }

    [Fact]
    public void PreemptAndAbort_WriteInFlight_AnswersWhenTheMediumIsAtRest()
    {
        _bench.Out(0, Ignore, 0, 0, 5);
        _bench.Out(1, Ignore, 0, 0, 6);
        _bench.Volume.Hold = true;
        _bench.Run(1, ReservationBench.Write);
        _bench.Nexus[0].Run("5F 05 01 00 00 00000018 00", ReservationBench.Parameters(5, 6));
        Assert.False(_bench.Nexus[0].Completed);
        _bench.Volume.CompleteOne();
        Assert.Equal((true, ScsiStatus.TaskAborted), (_bench.Nexus[1].Completed, _bench.Nexus[1].Status));
        Assert.Equal((true, ScsiStatus.Good), (_bench.Nexus[0].Completed, _bench.Nexus[0].Status));
    }

    [Fact]
    public void Preempt_WriteInFlight_DoesNotWait()
    {
        _bench.Out(0, Ignore, 0, 0, 5);
        _bench.Out(1, Ignore, 0, 0, 6);
        _bench.Volume.Hold = true;
        _bench.Run(1, ReservationBench.Write);
        Assert.Equal(0, _bench.Out(0, 4, 1, 5, 6));
        Assert.False(_bench.Nexus[1].Completed);
    }

    [Fact]
    public void Persist_StatusAndState_WaitForTheStore()
    {
        var store = new HeldStore();
        var bench = new ReservationBench(2, new ReservationTable(store));
        bench.Nexus[0].Run("5F 06 00 00 00 00000018 00", ReservationBench.Parameters(0, 5, flags: 1));
        Assert.False(bench.Nexus[0].Completed);
        Assert.Equal(8, bench.In(1, 0).Length);
        store.Finish(durable: true);
        Assert.Equal((true, ScsiStatus.Good), (bench.Nexus[0].Completed, bench.Nexus[0].Status));
        Assert.Equal(16, bench.In(1, 0).Length);

        // The control: without APTPL nothing is asked of the store.
        bench.Nexus[1].Run("5F 06 00 00 00 00000018 00", ReservationBench.Parameters(0, 6, flags: 0));
        store.Finish(durable: true);
        Assert.Equal(0, store.Image.Length);
        Assert.Equal(0, bench.Out(1, Reserve, 1, 6, 0));
    }

    [Fact]
    public void Persist_StoreFails_IsAHardwareErrorAndTheOldStateStays()
    {
        var store = new HeldStore();
        var bench = new ReservationBench(2, new ReservationTable(store));
        bench.Nexus[0].Run("5F 06 00 00 00 00000018 00", ReservationBench.Parameters(0, 5, flags: 1));
        bench.Nexus[1].Run("5F 06 00 00 00 00000018 00", ReservationBench.Parameters(0, 6, flags: 0));
        Assert.False(bench.Nexus[1].Completed);
        store.Finish(durable: false);
        Assert.Equal((0x044400, 0), (ReservationBench.Outcome(bench.Nexus[0]), ReservationBench.Outcome(bench.Nexus[1])));
        Assert.Equal("0000000000000006", Convert.ToHexString(bench.In(0, 0)[8..]));
    }

    [Fact]
    public void Persist_WithoutAStore_IsRefused() => Assert.Equal(0x052600, _bench.Out(0, Ignore, 0, 0, 5, flags: 1));

    private static string TransportIdOf(int nexus)
    {
        byte[] name = Encoding.ASCII.GetBytes($"iqn.2026-11.org.example:host{nexus},i,0x000000000000");
        return "45000030" + Convert.ToHexString(name).PadRight(96, '0');
    }

    private static byte[] Id(string name, ulong isid)
    {
        byte[] bytes = new byte[TransportId.BytesMax];
        return bytes[..TransportId.Format(new NexusIdentity(name, isid, "t"), bytes)];
    }

    private static byte[] WithNames(byte[] names, ulong key = 0)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, names.Length);
        return [.. ReservationBench.Parameters(key, 5, flags: 0x08), .. length, .. names];
    }

    private static byte[] MoveTo(int nexus, ulong actionKey, byte flags = 0, byte port = 1)
    {
        byte[] id = Id($"{CommandRunner.Initiator}{nexus}", 0);
        byte[] list = [.. ReservationBench.Parameters(5, actionKey), .. id];
        (list[17], list[19]) = (flags, port);
        BinaryPrimitives.WriteInt32BigEndian(list.AsSpan(20), id.Length);
        return list;
    }

    /// <summary>A store whose disk takes as long as the test wants.</summary>
    private sealed class HeldStore : IReservationStore
    {
        private Action<bool> _done = static _ => { };

        public ReadOnlyMemory<byte> Image { get; private set; }

        public void Save(ReadOnlyMemory<byte> image, Action<bool> done) => (Image, _done) = (image, done);

        public void Finish(bool durable) => _done(durable);
    }
}
