// The one place where Asio and Beast are compiled (BOOST_ASIO_SEPARATE_COMPILATION and
// BOOST_BEAST_SEPARATE_COMPILATION are set for every target): elsewhere their headers only declare.
// Boost.URL and Boost.JSON come as Debian's compiled libraries and need no such file.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
