using VSan.Block;
using VSan.Scsi;
using VSan.Tests.Fuzz.Grammar;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

/// <summary>Every command of the table with fields of any value: one answer each, whatever it says, and every buffer back.</summary>
public sealed class CommandGrammarTests
{
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
                string cdb = Convert.ToHexString(CdbGrammar.Of(row, random));
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
}
