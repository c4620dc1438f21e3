using System.Net;
using VSan.Cli;
using VSan.Client;
using VSan.Contracts.Api;
using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

public sealed class OutputTests
{
    private static readonly Column<(string Name, int Count)>[] Columns =
    [
        new("NAME", r => r.Name),
        new("COUNT", r => $"{r.Count}", Numeric: true),
        new("LAST", _ => string.Empty),
    ];

    [Fact]
    public void Table_Rows_AreAlignedWithoutTrailingSpaces()
    {
        using var output = new StringWriter();
        OutputTable.Write(output, Columns, [("a", 5), ("longer", 12345)]);
        Assert.Equal("NAME    COUNT  LAST\na           5\nlonger  12345\n", output.ToString());
    }

    [Fact]
    public void Table_NoRows_IsItsHeading()
    {
        using var output = new StringWriter();
        OutputTable.Write(output, Columns, []);
        Assert.Equal("NAME  COUNT  LAST\n", output.ToString());
    }

    [Fact]
    public void Table_ControlCharactersInACell_DoNotReachTheTerminal()
    {
        using var output = new StringWriter();
        OutputTable.Write(output, Columns, [("a\u001b[2J", 1)]);
        Assert.DoesNotContain('\u001b', output.ToString());
    }

    [Theory]
    [InlineData(401, 5)]
    [InlineData(403, 5)]
    [InlineData(404, 3)]
    [InlineData(409, 4)]
    [InlineData(412, 4)]
    [InlineData(429, 6)]
    [InlineData(503, 6)]
    [InlineData(400, 2)]
    [InlineData(500, 1)]
    public void ExitCode_HttpStatus_IsTheDocumentedNumber(int status, int expected) =>
        Assert.Equal(expected, (int)ExitCodes.Of((HttpStatusCode)status));

    [Fact]
    public void Failure_Problem_HasTitleDetailFieldsAndNextAction()
    {
        var problem = new Problem("/errors/invalid-field", "A field is invalid", 400, "The size is odd.", "invalid-field", "Choose another.", [new("/sizeBytes", "not a multiple of 1 MiB")]);
        using var error = new StringWriter();
        CommandFailure.Of(problem).WriteTo(error);
        Assert.Equal("vsan: A field is invalid: The size is odd.; /sizeBytes: not a multiple of 1 MiB\n      Choose another.\n", error.ToString());
    }

    [Fact]
    public void Failure_FieldThatTheDetailNames_IsSaidOnce()
    {
        var problem = new Problem("/errors/invalid-field", "Refused", 400, "/name must be short.", "invalid-field", null, [new("/name", "must be short.")]);
        Assert.Equal("Refused: /name must be short.", CommandFailure.Of(problem).Message);
    }

    [Theory]
    [InlineData(8, 1, 8, "7 B"), InlineData(8, 0, 5, "5 B"), InlineData(8, 9, 5, "0 B")]
    public void FreeOf_PromisedAndWritten_IsWhatCanStillBePromised(long capacity, long promised, long measured, string expected) =>
        Assert.Equal(expected, Text.FreeOf(capacity, promised, measured));

    [Theory]
    [InlineData("0.1.0+70320ff2d77692bc6bcf53497b49f8148c24c938", "0.1.0+70320ff2d776"), InlineData("0.1.0", "0.1.0"), InlineData("0.1.0+abc", "0.1.0+abc")]
    public void Version_WithCommit_KeepsTwelveDigitsOfIt(string version, string expected) => Assert.Equal(expected, Text.Version(version));
}
