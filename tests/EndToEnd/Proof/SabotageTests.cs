using System.Text;
using Xunit;

namespace VSan.Tests.EndToEnd.Proof;

/// <summary>The switches that break the product are in the binary for the rigs, and in no other (docs/adr/0024).</summary>
public sealed class SabotageTests
{
    // The name of the class, as stack traces and reflection keep it; NativeAOT stores strings in pieces, so that a literal would prove nothing.
    private static readonly byte[] Name = Encoding.UTF8.GetBytes("Sabotage");

    [Fact]
    public void ShippedBlockServer_HasNothingOfSabotage() => Assert.Equal(-1, File.ReadAllBytes(ProductBinaries.BlockServer).AsSpan().IndexOf(Name));

    [Fact]
    public void BrokenBlockServer_HasSabotage() => Assert.NotEqual(-1, File.ReadAllBytes(ProductBinaries.BrokenBlockServer).AsSpan().IndexOf(Name));
}
