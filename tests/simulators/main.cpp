// Replaced soon.
int main() { return 0; }
