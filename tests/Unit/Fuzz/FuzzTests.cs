using VSan.Tests.Fuzz;
using VSan.Tests.Fuzz.Coverage;
using VSan.Tests.Fuzz.Grammar;
using VSan.Tests.Fuzz.Running;
using VSan.Tests.Fuzz.Scripts;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.Unit.Fuzz;

/// <summary>The fuzzer, briefly: what it once found stays mended, and a short run from a fixed seed finds nothing. Long runs are ./dev fuzz.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20261128;

    public static TheoryData<string> Corpus =>
        new(Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests", "Fuzz", "Corpus"), "*.fuzz").Select(path => Path.GetFileName(path)).Order());

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Script_ThatOnceFoundABug_FindsNone(string name)
    {
        Script script = ScriptText.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "Fuzz", "Corpus", name)));
        Assert.Null(new ScriptTrial(timed: false).Try(script, cutSeed: 1));
    }

    [Theory]
    [InlineData(nameof(FuzzTarget.InProcess))]
    [InlineData(nameof(FuzzTarget.Pdu))]
    [InlineData(nameof(FuzzTarget.Text))]
    [InlineData(nameof(FuzzTarget.Cdb))]
    public void Run_FromAFixedSeed_FindsNothing(string target)
    {
        FuzzReport report = Run(new FuzzOptions { Target = Enum.Parse<FuzzTarget>(target), Seed = Seed });
        Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings.Select(one => $"{one.What}\n{ScriptText.Format(one.Script)}")));
        Assert.True(report.Inputs > report.Scripts, report.Line);
    }

    [Fact]
    public void Run_Twice_GivesTheSameInputs() =>
        Assert.Equal(Run(new FuzzOptions { Seed = Seed }).Inputs, Run(new FuzzOptions { Seed = Seed }).Inputs);

    [Fact]
    public void Instrumented_RunOfTheFuzzer_SeesEdges()
    {
        Type map = InstrumentedContext.LoadFuzzer().GetType(typeof(EdgeMap).FullName!)!;
        object edges = Activator.CreateInstance(map)!;
        int count = (int)map.GetProperty(nameof(EdgeMap.Count))!.GetValue(edges)!;
        map.Assembly.GetType(typeof(FuzzCommand).FullName!)!.GetMethod(nameof(FuzzCommand.Run))!.Invoke(null, [new[] { "--scripts", "20", "--seed", "1" }]);
        Assert.True((bool)map.GetMethod(nameof(EdgeMap.Merge))!.Invoke(edges, [])!);
        Assert.InRange((int)map.GetProperty(nameof(EdgeMap.Taken))!.GetValue(edges)!, 100, count);
        Assert.Equal(0, new EdgeMap().Count);
    }

    [Fact]
    public void Script_WrittenAndRead_IsTheSame()
    {
        var random = new Random(Seed);
        var grammar = new ScriptGrammar(FuzzTarget.InProcess);
        for (int i = 0; i < 200; i++)
        {
            string text = ScriptText.Format(grammar.Script(random));
            Assert.Equal(text, ScriptText.Format(ScriptText.Parse(text)));
        }
    }

    [Theory]
    [InlineData("dance")]
    [InlineData("pdu 0 n 00")]
    [InlineData("pdu 9 n 00")]
    [InlineData("wait -1")]
    public void ScriptLine_ThatIsNoStep_IsRefused(string line) => Assert.Throws<FormatException>(() => ScriptText.Parse(line));

    private static FuzzReport Run(FuzzOptions options) => new Fuzzer(options with { Scripts = 400, Time = TimeSpan.MaxValue }, TextWriter.Null).Run();
}
