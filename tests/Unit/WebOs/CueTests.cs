using AspNetCoreGeneratedDocument;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.WebOs.Shell;
using Xunit;

namespace VSan.Tests.Unit.WebOs;

public sealed class CueTests
{
    private static IEnumerable<Cue> All =>
    [
        .. Enum.GetValues<PoolHealth>().Select(Cue.Of),
        .. Enum.GetValues<UnitState>().Select(state => Cue.Of(SamplePages.Unit("unit-01", state))),
        .. Enum.GetValues<VolumeState>().Select(Cue.Of),
        .. Enum.GetValues<OperationState>().Select(Cue.Of),
        .. Enum.GetValues<OperationStepState>().Select(Cue.Of),
    ];

    [Fact]
    public async Task Badge_EveryState_HasColourShapeAndWord()
    {
        foreach (Cue cue in All)
        {
            string html = await new shell_Badge { Model = cue }.RenderAsync();
            Assert.Contains($"class=\"badge {cue.ClassName}\"", html, StringComparison.Ordinal);
            Assert.Contains($"<path d=\"{cue.ShapePath}\"", html, StringComparison.Ordinal);
            Assert.Contains($">{cue.Word}<", html.Replace("</svg>", ">", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.NotEmpty(cue.Word);
        }
    }

    [Fact]
    public void Cue_DifferentTones_DifferInColourAndShape()
    {
        Cue[] tones = [.. Enum.GetValues<Tone>().Select(tone => new Cue(tone, ""))];
        Assert.Equal(tones.Length, tones.Select(cue => cue.ClassName).Distinct().Count());
        Assert.Equal(tones.Length, tones.Select(cue => cue.ShapePath).Distinct().Count());
    }

    [Fact]
    public void Cue_ReadyUnitWithCondition_IsAWarning() =>
        Assert.Equal(Tone.Warning, Cue.Of(SamplePages.Unit("unit-01", UnitState.Ready, new UnitCondition("x", "y"))).Tone);

    [Fact]
    public void Cue_ReadyUnitWithoutCondition_IsOk() => Assert.Equal(Tone.Ok, Cue.Of(SamplePages.Unit("unit-01", UnitState.Ready)).Tone);
}
