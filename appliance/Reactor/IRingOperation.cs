namespace VSan.Reactor;

/// <summary>Something under way on a ring. An object that its owner reuses, never one for each request.</summary>
public interface IRingOperation
{
    /// <summary>A completion arrived. Ring thread.</summary>
    /// <param name="result">What the system call would return: 0 or more, or a negated error number.</param>
    /// <param name="flags">IORING_CQE_F_ flags; without <c>F_MORE</c> this was the last one and the operation may be submitted again.</param>
    void OnCompletion(int result, uint flags);
}
