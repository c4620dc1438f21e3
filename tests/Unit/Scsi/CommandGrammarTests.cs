using VSan.Block;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

/// <summary>Every command of the table with fields of any value: one answer each, whatever it says, and every buffer back.</summary>
public sealed class CommandGrammarTests
{
    private static readonly byte[] Edges = [0, 0, 0, 1, 8, 0x7F, 0x80, 0xFF];
    private static readonly int[] DataLengths = [0, 1, 8, 24, 511, 512, 513, 1024, 4096, 65536];

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void AnyFields_OfEachCommand_GetOneAnswerAndReturnTheirBuffers(int seed)
    {
        var random = new Random(seed);
        var runner = new CommandRunner(new RamVolume(4096), space: new VolumeSpace(0, 1L << 30, 1L << 32));
        int free = runner.Pool.FreeBytes;
        int good = 0;
        for (int round = 0; round < 400; round++)
        {
            foreach (CommandDescriptor row in CommandTable.All)
            {
                string cdb = Convert.ToHexString(Cdb(row, random));
                byte[] data = new byte[DataLengths[random.Next(DataLengths.Length)]];
                if (random.Next(2) == 0) random.NextBytes(data);
                runner.Run(cdb, data, random.Next(16) == 0 ? (ulong)random.NextInt64() : 0);
                Assert.True(runner.Answers == 1, $"{runner.Answers} answers to {cdb} with {data.Length} bytes");
                Assert.True(free == runner.Pool.FreeBytes, $"{cdb} with {data.Length} bytes kept a buffer");
                if (runner.Status == ScsiStatus.Good) good++;
            }
        }

        // The control: the grammar also reaches what lies behind the checks of the CDB.
        Assert.True(good > 100, $"only {good} commands were good");
    }

    /// <summary>Mostly bits that the command defines, so that the handler and not only the usage mask is met.</summary>
    private static byte[] Cdb(CommandDescriptor row, Random random)
    {
        byte[] cdb = new byte[16];
        bool lawful = random.Next(8) != 0;
        bool small = random.Next(2) == 0;
        ReadOnlySpan<byte> usage = row.Usage;
        for (int at = 1; at < usage.Length; at++)
        {
            byte value = random.Next(3) == 0 ? (byte)random.Next(256) : Edges[random.Next(Edges.Length)];
            if (small && usage[at] == 0xFF && at < usage.Length - 2) value = 0;
            cdb[at] = lawful ? (byte)(value & usage[at]) : value;
        }

        cdb[0] = usage[0];
        if (row.ServiceAction is { } action) cdb[1] = (byte)((cdb[1] & 0xE0) | action);
        return cdb;
    }
}
