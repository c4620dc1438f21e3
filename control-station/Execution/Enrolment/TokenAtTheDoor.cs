using VSan.Contracts.Enrolment;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// The token that a startup packet proves. A wrong proof, an unknown token and one of another kind get one answer, so that token ids cannot
/// be probed; what is wrong with a token is said only to who knows its secret.
/// </summary>
internal static class TokenAtTheDoor
{
    /// <summary>The token, when the packet's proof is right.</summary>
    /// <exception cref="ProblemException"><c>token-invalid</c>.</exception>
    public static Token Prove(IStationTransaction transaction, StartupPacket packet, TokenProof proof, CaFingerprint authority) =>
        transaction.Table<Token>().Where(Lookups.TokenCode, proof.TokenId) is [var token] && EnrolmentTranscript.Verify(token.ProofKey, packet, authority, proof.Mac)
        && token.ForHosts == (packet.Kind == MemberKind.Host)
            ? token
            : throw new ProblemException("token-invalid", "The enrolment token is not known, or the proof does not fit this packet.", "Make a new token, and check the CA fingerprint.");

    /// <summary>Uses one of its places.</summary>
    /// <exception cref="ProblemException"><c>token-expired</c> or <c>token-used-up</c>.</exception>
    public static void Use(IStationTransaction transaction, DateTimeOffset now, Token token)
    {
        if (now >= token.ExpiresAt) throw new ProblemException("token-expired", $"Token {token.Code} expired at {token.ExpiresAt:u}.", "Make a new token.");
        if (token.UsesLeft == 0) throw new ProblemException("token-used-up", $"Token {token.Code} has admitted {token.UsesMax} members.", "Make a new token.");
        transaction.Table<Token>().Update(token with { UsesLeft = token.UsesLeft - 1 });
    }
}
