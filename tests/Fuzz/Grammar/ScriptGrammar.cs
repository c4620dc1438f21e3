using System.Buffers.Binary;
using System.Text;
using VSan.Block;
using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz.Grammar;

/// <summary>Sentences of the conversation between initiators and a target, weighted by what the run is about.</summary>
internal sealed class ScriptGrammar(FuzzTarget target)
{
    private const int ProductionsMax = 20;

    private readonly Func<Random, IEnumerable<Step>>[] _productions = target switch
    {
        FuzzTarget.Text => [Login, AnyLogin, AnyLogin, Joins, Text, Text],
        FuzzTarget.Cdb => [Command, Command, Command, Command, Data, Around],
        FuzzTarget.Pdu => [Command, Command, Command, Data, Data, Ping, TaskManagement, Text, Rare, Joins, Around],
        _ => [Command, Command, Command, Data, Data, Ping, TaskManagement, Text, Login, AnyLogin, Joins, Rare, Around],
    };

    /// <summary>A script from a fresh connection on.</summary>
    public Script Script(Random random)
    {
        var steps = new List<Step>();
        if (target != FuzzTarget.Text || random.OneIn(2)) steps.AddRange(LoginOf(0, random));
        for (int left = 1 + random.Next(ProductionsMax); left > 0; left--) steps.AddRange(Next(random));
        return new Script(steps);
    }

    /// <summary>One more production.</summary>
    public IEnumerable<Step> Next(Random random) => _productions[random.Next(_productions.Length)](random);

    private static int AnyConnection(Random random) => random.OneIn(4) ? random.Next(Scripts.Script.ConnectionsMax) : 0;

    private static IEnumerable<Step> Login(Random random) => LoginOf(AnyConnection(random), random);

    /// <summary>A login that comes through, with whatever was negotiated.</summary>
    private static IEnumerable<Step> LoginOf(int connection, Random random)
    {
        var keys = new StringBuilder($"InitiatorName={FuzzNames.Initiator}{(connection == 2 ? ".b" : "")}\0");
        if (random.OneIn(12)) return [PduGrammar.Login(connection, 0x87, $"{keys}SessionType=Discovery\0")];
        if (random.OneIn(6)) return GuardedLogin(connection, keys, random);
        keys.Append("TargetName=").Append(FuzzNames.Open).Append('\0');
        Operational(keys, random);
        Step.Pdu login = PduGrammar.Login(connection, 0x87, keys.ToString());

        // The first command of a nexus is told of the power on, and does nothing else: a TEST UNIT READY for each LUN, mostly.
        if (random.OneIn(4)) return [login];
        return [login, .. Enumerable.Range(0, 3).Select(lun => PduGrammar.TestUnitReady(connection, (byte)lun))];
    }

    private static void Operational(StringBuilder keys, Random random)
    {
        ReadOnlySpan<string> names =
        [
            "HeaderDigest", "DataDigest", "InitialR2T", "ImmediateData", "MaxRecvDataSegmentLength", "MaxBurstLength", "FirstBurstLength", "MaxOutstandingR2T",
        ];
        keys.Append(random.OneOf("InitialR2T=No\0ImmediateData=Yes\0", "InitialR2T=No\0", "MaxOutstandingR2T=8\0MaxBurstLength=4096\0FirstBurstLength=1024\0", ""));
        string sofar = keys.ToString();
        foreach (string name in names)
        {
            if (random.OneIn(5) && !sofar.Contains(name, StringComparison.Ordinal)) KeyGrammar.Append(keys, random, name);
        }
    }

    /// <summary>AuthMethod, CHAP_A, then the proof, right or not, with or without a challenge in turn.</summary>
    private static IEnumerable<Step> GuardedLogin(int connection, StringBuilder keys, Random random)
    {
        yield return PduGrammar.Login(connection, 0x81, $"{keys}TargetName={FuzzNames.Guarded}\0AuthMethod=CHAP,None\0");
        yield return PduGrammar.Login(connection, 0x00, random.OneOf("CHAP_A=5\0", "CHAP_A=7\0", "CHAP_A=7,5\0"));
        var proof = new StringBuilder($"CHAP_N={FuzzNames.User}\0");
        if (random.OneIn(2)) proof.Append("CHAP_R=").Append(Scripts.Script.ChapProof).Append('\0');
        else KeyGrammar.Append(proof, random, "CHAP_R");
        if (random.OneIn(3)) KeyGrammar.Append(proof, random, "CHAP_I");
        if (random.OneIn(3)) KeyGrammar.Append(proof, random, "CHAP_C");
        yield return PduGrammar.Login(connection, random.OneOf<byte>(0x81, 0x87), proof.ToString(), Fix.Chap);
        var more = new StringBuilder();
        Operational(more, random);
        yield return PduGrammar.Login(connection, 0x87, more.ToString());
    }

    /// <summary>A session of two or three connections.</summary>
    private static IEnumerable<Step> Joins(Random random)
    {
        string names = $"InitiatorName={FuzzNames.Initiator}\0TargetName={FuzzNames.Open}\0";
        yield return new Step.Hangup(0);
        yield return PduGrammar.Login(0, 0x87, $"{names}MaxConnections={random.OneOf(1, 2, 8, 8, 8)}\0InitialR2T=No\0");
        for (int connection = 1; connection <= random.OneOf(1, 1, 2); connection++) yield return PduGrammar.Join(connection, names);
    }

    private static IEnumerable<Step> AnyLogin(Random random)
    {
        int connection = AnyConnection(random);
        if (random.OneIn(3)) yield return new Step.Hangup(connection);
        for (int pdus = 1 + random.Next(4); pdus > 0; pdus--)
        {
            var text = new StringBuilder();
            if (random.OneIn(2)) text.Append($"InitiatorName={FuzzNames.Initiator}\0TargetName={random.OneOf(FuzzNames.Open, FuzzNames.Guarded)}\0");
            KeyGrammar.Append(text, random, 8);
            yield return PduGrammar.AnyLogin(connection, text.ToString(), random);
        }
    }

    private static IEnumerable<Step> Command(Random random)
    {
        int connection = AnyConnection(random);
        byte[] cdb = CdbGrammar.Any(random);
        byte[] data = ParameterLists.For(cdb, random);
        bool writes = data.Length > 0 ? !random.OneIn(16) : random.OneIn(16);
        uint expected = writes ? (uint)data.Length : ExpectedIn(cdb, random);
        if (random.OneIn(16)) expected = (uint)Numbers.Interesting(random);
        byte direction = random.OneIn(40) ? (byte)(random.Next(4) << 5) : writes ? (byte)0x20 : expected > 0 ? (byte)0x40 : (byte)0;
        if ((direction & 0x20) == 0) return [PduGrammar.Command(connection, (byte)(PduGrammar.Final | direction), cdb, expected, [], random)];
        return Write(connection, direction, cdb, expected, data, random);
    }

    private static uint ExpectedIn(byte[] cdb, Random random) => cdb[0] switch
    {
        0x08 or 0x28 or 0x88 or 0xA8 => Math.Min(CdbGrammar.Length(cdb), 4096) * (uint)FuzzNames.BlockBytes[0],
        _ => random.OneOf(CdbGrammar.Length(cdb), 0u, 8u, 36u, 255u, 4096u),
    };

    /// <summary>Data with the command, behind it, asked for by R2T, or some of each.</summary>
    private static IEnumerable<Step> Write(int connection, byte direction, byte[] cdb, uint expected, byte[] data, Random random)
    {
        int immediate = random.OneIn(3) ? 0 : Math.Min(data.Length, random.OneOf(512, 1024, 65536));
        bool unsolicited = random.OneIn(4) && immediate < data.Length;
        Step.Pdu command = PduGrammar.Command(connection, (byte)(direction | (unsolicited ? 0 : PduGrammar.Final)), cdb, expected, data[..immediate], random);
        yield return command;
        if (unsolicited)
        {
            uint tag = BinaryPrimitives.ReadUInt32BigEndian(command.Header.AsSpan(16));
            uint dataSN = 0;
            for (int at = immediate; at < data.Length && dataSN < 3;)
            {
                int piece = Math.Min(data.Length - at, random.OneOf(512, 1024, 4096));
                bool final = at + piece == data.Length || dataSN == 2;
                yield return PduGrammar.UnsolicitedData(connection, tag, dataSN++, (uint)at, final, data[at..(at + piece)], random);
                at += piece;
            }
        }

        for (int left = random.Next(3); left > 0; left--) yield return PduGrammar.SolicitedData(connection, random);
    }

    private static IEnumerable<Step> Data(Random random) => [PduGrammar.SolicitedData(AnyConnection(random), random)];

    private static IEnumerable<Step> Ping(Random random) => [PduGrammar.NopOut(AnyConnection(random), random)];

    private static IEnumerable<Step> TaskManagement(Random random) => [PduGrammar.TaskManagement(AnyConnection(random), random)];

    private static IEnumerable<Step> Text(Random random)
    {
        int connection = AnyConnection(random);
        for (int pdus = 1 + random.Next(3); pdus > 0; pdus--)
        {
            var text = new StringBuilder();
            if (random.OneIn(2)) KeyGrammar.Append(text, random, "SendTargets");
            KeyGrammar.Append(text, random, 4);
            byte flags = random.OneOf<byte>(PduGrammar.Final, PduGrammar.Final, PduGrammar.Continue, 0, 0xC0);
            yield return PduGrammar.Text(connection, flags, text.ToString(), random.OneIn(2), random);
        }
    }

    private static IEnumerable<Step> Rare(Random random) => random.Next(4) switch
    {
        0 => [PduGrammar.Logout(AnyConnection(random), random)],
        1 => [PduGrammar.Snack(AnyConnection(random), random)],
        2 => [PduGrammar.Other(AnyConnection(random), random)],
        _ => [PduGrammar.AnyLogin(AnyConnection(random), "", random)],
    };

    /// <summary>What happens around the wire: slow and failing volumes, a kernel that does not send, time, another configuration.</summary>
    private static IEnumerable<Step> Around(Random random) => random.Next(12) switch
    {
        0 or 1 => [new Step.Hold(), .. Enumerable.Range(0, random.OneOf(1, 4, 20)).SelectMany(_ => Command(random))],
        2 or 3 => [new Step.Serve(1 + random.Next(3))],
        4 or 5 => [new Step.Release()],
        6 => [new Step.Fail(random.OneOf(Enum.GetValues<BlockStatus>()))],
        7 => [new Step.Fail(BlockStatus.Success)],
        8 => [new Step.Stall(random.OneIn(2))],
        9 => [new Step.Wait(random.OneOf(1, 15, 29, 31, 59, 61))],
        10 => [new Step.Hangup(AnyConnection(random))],
        _ => [new Step.Configure(random.Next(3))],
    };
}
